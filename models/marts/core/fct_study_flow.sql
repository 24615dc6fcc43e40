-- Grain: one row per stage of the flow, as the published review prints it and as this extraction
-- gives it. n minus n_excluded is the n of the next stage of the same source.
with

counts as (
    select * from {{ ref('stg_published__counts') }}
    where topic = 'flow'
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
            when scale = 'logit' then 'reported_rates'
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

published as (
    select
        row_number() over (order by row_number) as stage_order,
        item as stage_id,
        'published' as source,
        case item
            when 'records_identified' then 'Records identified'
            when 'records_after_deduplication_and_title_abstract_screening'
                then 'After removing duplicates and screening titles and abstracts'
            when 'meta_analyses_included' then 'Meta-analyses included'
            else upper(left(item, 1)) || replace(substr(item, 2), '_', ' ')
        end as label,
        cast(value as bigint) as n,
        case item
            when 'records_identified' then 'Duplicates, or excluded by title and abstract'
            when 'records_after_deduplication_and_title_abstract_screening'
                then 'Excluded after reading'
            else 'Excluded'
        end as excluded_label
    from counts
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
        ('considered', 'Meta-analyses considered', 'n_rows', 'Row rejected by the checks'),
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
        'this_extraction' as source,
        format('{{ label }}', word) as label,
        {{ column }} as n,
        format({{ sql_text(excluded_label) }}, word) as excluded_label
    from totals
    cross join followed_word
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

stacked as (
    select * from published
    union all
    select * from extraction
),

followed as (
    select
        *,
        lead(n) over (partition by source order by stage_order) as n_next
    from stacked
),

final as (
    select
        source || ':' || stage_id as flow_id,
        source,
        cast(stage_order as integer) as stage_order,
        stage_id,
        label,
        n,
        -- A printed flow that grows excludes nobody; the claim audit names it.
        if(n_next <= n, n - n_next, null) as n_excluded,
        if(n_next is null, null, excluded_label) as excluded_label
    from followed
)

select * from final
order by source, stage_order
