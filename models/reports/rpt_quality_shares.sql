-- Grain: one row per appraisal tool, group of meta-analyses and rating the tool can give: how many
-- got it. Groups are all of this extraction, those of the published review as printed, and those
-- with an effect on each condition.
with

bands as (
    select * from {{ ref('dim_quality_bands') }}
),

ratings as (
    select * from {{ ref('fct_quality_ratings') }}
    where is_included
),

analyses as (
    select
        condition,
        any_value(condition_label) as label,
        min(sort_order) as sort_order
    from {{ ref('dim_analyses') }}
    where is_headline
    group by condition
),

meta_analyses as (
    select
        meta_analysis_id,
        string_split(conditions, ', ') as conditions
    from {{ ref('dim_meta_analyses') }}
),

groups as (
    select
        'all' as group_kind,
        'all' as group_id,
        'This extraction' as group_label,
        -1 as group_order

    union all

    select
        'condition' as group_kind,
        condition as group_id,
        label as group_label,
        sort_order as group_order
    from analyses
),

members as (
    select
        groups.*,
        ratings.tool,
        ratings.rating
    from groups
    inner join ratings on true
    inner join meta_analyses on ratings.meta_analysis_id = meta_analyses.meta_analysis_id
    where
        groups.group_kind = 'all'
        or list_contains(meta_analyses.conditions, groups.group_id)
),

own as (
    select
        groups.*,
        bands.tool,
        bands.rating,
        count(members.rating) filter (members.rating = bands.rating) as n,
        count(members.rating) as n_rated,
        count(members.tool) as n_meta_analyses
    from groups
    cross join bands
    left join members
        on
            groups.group_kind = members.group_kind
            and groups.group_id = members.group_id
            and bands.tool = members.tool
    group by all
),

-- A rating without a printed number stays unknown.
published as (
    select
        'published' as group_kind,
        'published' as group_id,
        'Published review, as printed' as group_label,
        0 as group_order,
        bands.tool,
        bands.rating,
        counts.numerator as n,
        max(counts.denominator) over (partition by bands.tool) as n_rated,
        max(counts.denominator) over (partition by bands.tool) as n_meta_analyses
    from bands
    left join {{ ref('stg_published__counts') }} as counts
        on bands.tool = counts.topic and bands.rating = counts.item
    qualify n_rated is not null
),

stacked as (
    select * from own
    union all by name
    select * from published
),

final as (
    select
        concat_ws(':', stacked.tool, group_kind, group_id, stacked.rating) as quality_share_id,
        stacked.tool,
        group_kind,
        group_id,
        group_label,
        cast(group_order as integer) as group_order,
        stacked.rating,
        bands.label as rating_label,
        cast(bands.rating_order as integer) as rating_order,
        cast(n as integer) as n,
        cast(n_rated as integer) as n_rated,
        cast(n_meta_analyses as integer) as n_meta_analyses,
        100 * n / nullif(n_rated, 0) as percent
    from stacked
    inner join bands on stacked.tool = bands.tool and stacked.rating = bands.rating
)

select * from final
order by tool, group_order, group_id, rating_order
