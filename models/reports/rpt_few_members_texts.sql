-- Grain: one row per headline analysis with so few members that pool_size_bands has a
-- caution: the caution, the members where there is no verdict, and what each method makes of them.
with

headlines as (
    select
        analysis_id,
        shown_as,
        no_effect,
        measure_unit,
        decimals
    from {{ ref('dim_analyses') }}
    where is_headline
),

pooled as (
    select
        pooled.analysis_id,
        pooled.condition as condition_id,
        pooled.has_verdict,
        sizes.caution
    from {{ ref('fct_pooled_effects') }} as pooled
    inner join headlines on pooled.analysis_id = headlines.analysis_id
    inner join {{ ref('stg_protocol__pool_size_bands') }} as sizes
        on pooled.pool_size = sizes.band
    where
        pooled.policy_id = 'recommended'
        and pooled.k > 1
        and sizes.caution is not null
),

members as (
    select
        members.analysis_id,
        {{ display_scale('members.yi', 'headlines.shown_as') }} as estimate,
        {{ display_scale('members.ci_low', 'headlines.shown_as') }} as ci_low,
        {{ display_scale('members.ci_high', 'headlines.shown_as') }} as ci_high,
        meta_analyses.citation_label as label,
        headlines.shown_as,
        headlines.no_effect,
        headlines.measure_unit,
        headlines.decimals
    from {{ ref('fct_analysis_members') }} as members
    inner join headlines on members.analysis_id = headlines.analysis_id
    inner join {{ ref('dim_meta_analyses') }} as meta_analyses
        on members.meta_analysis_id = meta_analyses.meta_analysis_id
    where members.is_member and members.policy_id = 'recommended'
),

listed_members as (
    select
        analysis_id,
        string_agg(
            label || ' ' || {{ conclusion_ci('members', 'members') }}, '; ' order by label
        ) as words
    from members
    group by analysis_id
),

methods as (
    select
        found.* replace (
            {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
            {{ display_scale('found.' ~ value, 'headlines.shown_as') }} as {{ value }}
            {{- "," if not loop.last }}
            {%- endfor %}
        ),
        headlines.shown_as,
        headlines.no_effect,
        headlines.measure_unit,
        headlines.decimals
    from {{ ref('fct_few_members') }} as found
    inner join headlines on found.analysis_id = headlines.analysis_id
    where found.estimate is not null
),

listed_methods as (
    select
        analysis_id,
        string_agg(
            {{ within_sentence('method_label') }} || ' '
            || {{ conclusion_ci('methods', 'methods') }}
            || coalesce(
                ', ' || {{ conclusion_share('p_positive') }} || ' of it above no effect', ''
            ),
            '; ' order by method_order
        ) as words
    from methods
    group by analysis_id
)

select
    pooled.analysis_id,
    pooled.condition_id,
    pooled.caution
    || if(pooled.has_verdict, '', ' Each alone: ' || listed_members.words || '.')
    || ' Pooled by each method: ' || listed_methods.words || '.' as few_members_text
from pooled
inner join listed_members on pooled.analysis_id = listed_members.analysis_id
inner join listed_methods on pooled.analysis_id = listed_methods.analysis_id
order by pooled.analysis_id
