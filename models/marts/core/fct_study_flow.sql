-- Grain: one row per stage of the flow that a number is known of: as the published review prints
-- it, as the team's own search gives it, and of this extraction.
with

boxes as (
    select * from {{ ref('int_flow_boxes') }}
),

sheet_rows as (
    select distinct row_number
    from {{ ref('stg_sheet_cells') }}
    where sheet = 'meta_analyses'
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

-- What the flow follows: rows of the sheets on which the headlines rest.
headline_sheets as (
    select distinct
        case
            when unit = 'trial' then 'primary_studies'
            when {{ is_of_rates('scale') }} then 'reported_rates'
            else 'reported_effects'
        end as source_sheet
    from {{ ref('int_analyses') }}
    where is_headline
),

followed_sheets as (
    select source_sheet from headline_sheets
    union all
    select 'reported_effects' as source_sheet
    where not exists (select * from headline_sheets)
),

followed_word as (
    select
        case string_agg(source_sheet)
            when 'reported_effects' then 'effect'
            when 'reported_rates' then 'rate'
            when 'primary_studies' then 'trial'
            else 'result'
        end as word
    from followed_sheets
),

results as (
    select
        'reported_effects' as source_sheet,
        meta_analysis_id,
        is_poolable
    from {{ ref('int_effects') }}
    union all
    select
        source_sheet,
        meta_analysis_id,
        is_poolable
    from {{ ref('int_rates') }}
    where source_sheet = 'reported_rates'
    union all
    select
        'primary_studies' as source_sheet,
        meta_analysis_id,
        status = 'ok' as is_poolable
    from {{ ref('int_trial_conversions') }}
),

effects as (
    select
        meta_analysis_id,
        bool_or(is_poolable) as has_poolable
    from results
    where source_sheet in (select source_sheet from followed_sheets)
    group by meta_analysis_id
),

pooled as (
    select distinct meta_analysis_id
    from {{ ref('int_analysis_candidates') }}
    where is_member and source_sheet in (select source_sheet from followed_sheets)
),

-- What leaves by two branches cannot be told from what both join to.
printed as (
    select
        source,
        branch,
        stage_order,
        stage_id,
        coalesce(label, box_label) as label,
        n,
        n_basis,
        n_left,
        n_leaving,
        leaving_label,
        if(
            branch != 'other' and not (has_other_branch and stage = 'assessed'),
            lead(n ignore nulls) over (
                partition by source, branch = 'other' order by stage_order
            ),
            null
        ) as n_next
    from boxes
),

searched as (
    select
        *,
        case
            when n_leaving is not null then 'reported'
            when n_left is not null then 'sum'
            when n_next <= n then 'difference'
        end as excluded_basis
    from printed
),

flags as (
    select
        sheet_rows.row_number,
        meta_analyses.meta_analysis_id is not null as is_valid,
        coalesce(meta_analyses.eligibility = 'included', false) as is_included,
        effects.meta_analysis_id is not null as has_effect,
        coalesce(effects.has_poolable, false) as has_poolable,
        pooled.meta_analysis_id is not null as is_pooled
    from sheet_rows
    left join meta_analyses on sheet_rows.row_number = meta_analyses.row_number
    left join effects on meta_analyses.meta_analysis_id = effects.meta_analysis_id
    left join pooled on meta_analyses.meta_analysis_id = pooled.meta_analysis_id
),

totals as (
    select
        count(*) as n_rows,
        count_if(is_valid) as n_valid,
        count_if(is_included) as n_included,
        count_if(is_included and has_effect) as n_with_effect,
        count_if(is_included and has_poolable) as n_poolable,
        count_if(is_pooled) as n_pooled
    from flags
),

extraction as (
    {% set stages = [
        ('considered', '[[Members]] considered', 'n_rows', 'Row rejected by the checks'),
        ('valid', 'With a valid row', 'n_valid', 'Not eligible'),
        ('included', 'Included', 'n_included', 'No {} could be read'),
        ('with_effect', 'With a reported {}', 'n_with_effect',
            'No {} whose scale, interval, direction and flags let it be pooled'),
        ('poolable', 'With a poolable {}', 'n_poolable',
            'No row that a declared analysis takes'),
        ('pooled', 'Pooled in at least one analysis', 'n_pooled', none),
    ] %}
    {%- for stage_id, label, column, excluded_label in stages %}
    select
        {{ loop.index }} as stage_order,
        '{{ stage_id }}' as stage_id,
        format('{{ label }}', word) as label,
        {{ column }} as n,
        format({{ sql_text(excluded_label) }}, word) as excluded_label
    from totals
    cross join followed_word
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

followed as (
    select
        *,
        lead(n) over (order by stage_order) as n_next
    from extraction
),

stacked as (
    select
        source,
        branch,
        stage_order,
        stage_id,
        label,
        n,
        n_basis,
        -- A printed flow that grows excludes nobody; the claim audit names it.
        coalesce(n_left, if(excluded_basis = 'difference', n - n_next, null)) as n_excluded,
        excluded_basis,
        case
            when excluded_basis = 'difference' then 'Left before the next number'
            when excluded_basis is not null then leaving_label
        end as excluded_label
    from searched

    union all

    select
        'this_extraction' as source,
        'main' as branch,
        stage_order,
        stage_id,
        label,
        n,
        'reported' as n_basis,
        n - n_next as n_excluded,
        if(n_next is null, null, 'reported') as excluded_basis,
        if(n_next is null, null, excluded_label) as excluded_label
    from followed
),

final as (
    select
        source || ':' || stage_id as flow_id,
        source,
        branch,
        cast(
            row_number() over (partition by source order by stage_order) as integer
        ) as stage_order,
        stage_id,
        label,
        n,
        n_basis,
        n_excluded,
        excluded_basis,
        excluded_label
    from stacked
)

select final.* replace ({{ review_words('final.label') }} as label)
from final
cross join {{ ref('int_review') }} as review
order by source, stage_order
