-- Grain: one row per row of every sheet: used, kept (with the reason) or rejected.
with

sheet_rows as (
    select
        sheet,
        row_number
    from {{ ref('stg_sheet_cells') }}
    group by sheet, row_number
),

row_ids as (
    select
        cells.sheet,
        cells.row_number,
        string_agg(coalesce(cells.value, '?'), ' / ' order by columns.column_order) as row_id
    from {{ ref('stg_sheet_cells') }} as cells
    inner join {{ ref('stg_sheet_columns') }} as columns
        on cells.sheet = columns.sheet and cells.column_name = columns.column_name
    where columns.is_key
    group by cells.sheet, cells.row_number
),

rejected as (
    select
        sheet,
        row_number,
        string_agg(column_name || ': ' || reason, '; ' order by column_name, reason) as reason
    from {{ ref('stg_sheet_faults') }}
    where severity = 'reject'
    group by sheet, row_number
),

candidates as (
    select * from {{ ref('int_analysis_candidates') }}
),

pooled_rows as (
    select
        candidates.source_sheet as sheet,
        coalesce(rates.row_id, candidates.effect_id) as row_id,
        bool_or(candidates.is_member) as is_used,
        -- Best where only another number of the same source went first.
        coalesce(
            min(candidates.exclusion_reason)
            filter (starts_with(candidates.exclusion_reason, 'one effect per ')),
            min(candidates.exclusion_reason)
        ) as reason
    from candidates
    left join {{ ref('int_rates') }} as rates
        on
            candidates.source_sheet = rates.source_sheet
            and candidates.effect_id = rates.rate_id
    group by all
),

trial_pool_rows as (
    select
        'primary_studies' as sheet,
        comparison_id as row_id,
        bool_or(is_member) as is_used,
        min(exclusion_reason) as reason
    from {{ ref('int_trial_candidates') }}
    group by comparison_id
),

effect_reasons as (
    select
        'reported_effects' as sheet,
        row_number,
        array_to_string(not_poolable_reasons, '; ') as reason
    from {{ ref('int_effects') }}
    where not is_poolable

    union all

    select
        source_sheet as sheet,
        row_number,
        min(array_to_string(not_poolable_reasons, '; ')) as reason
    from {{ ref('int_rates') }}
    where not is_poolable
    group by source_sheet, row_number
),

used_meta_analyses as (
    select distinct meta_analysis_id
    from candidates
    where is_member
),

meta_analysis_rows as (
    select
        'meta_analyses' as sheet,
        meta_analyses.row_number,
        used_meta_analyses.meta_analysis_id is not null as is_used,
        coalesce(
            'excluded: ' || meta_analyses.exclusion_reason,
            'included, but no row of it enters an analysis'
        ) as reason
    from {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
    left join used_meta_analyses
        on meta_analyses.meta_analysis_id = used_meta_analyses.meta_analysis_id
),

codes_in_use as (
    select distinct
        columns.vocabulary as sheet,
        unnest(if(columns.kind = 'codes', {{ codes_in('cells.value') }}, [cells.value])) as row_id
    from {{ ref('stg_sheet_cells') }} as cells
    inner join {{ ref('stg_sheet_columns') }} as columns
        on cells.sheet = columns.sheet and cells.column_name = columns.column_name
    where columns.vocabulary is not null

    union

    select
        columns.vocabulary as sheet,
        unnest(
            if(
                columns.kind = 'codes',
                {{ codes_in('decisions.adjudicated_value') }},
                [decisions.adjudicated_value]
            )
        ) as row_id
    from {{ ref('stg_extraction__adjudications') }} as decisions
    inner join {{ ref('stg_sheet_columns') }} as columns
        on columns.sheet = 'reported_effects' and decisions.field = columns.column_name
    where columns.vocabulary is not null
),

decided as (
    select
        sheet_rows.sheet,
        sheet_rows.row_number,
        row_ids.row_id,
        case
            when rejected.row_number is not null then 'rejected'
            when sheet_rows.sheet in ('reported_effects', 'reported_rates', 'primary_studies')
                then
                    if(
                        coalesce(pooled_rows.is_used, false)
                        or coalesce(trial_pool_rows.is_used, false),
                        'used',
                        'kept'
                    )
            when sheet_rows.sheet = 'meta_analyses'
                then if(meta_analysis_rows.is_used, 'used', 'kept')
            when
                sheet_rows.sheet in (
                    'second_extraction', 'second_extraction_rates', 'study_inclusion',
                    'trial_aliases', 'corrections', 'unread_meta_analyses',
                    'reported_certainty'
                )
                then 'kept'
            when
                sheet_rows.sheet = 'adjudications'
                and ends_with(row_ids.row_id, ' / comparator_class')
                then 'kept'
            when
                sheet_rows.sheet in (select vocabulary from {{ ref('stg_sheet_columns') }})
                and codes_in_use.row_id is null
                then 'kept'
            else 'used'
        end as disposition,
        case
            when rejected.row_number is not null then rejected.reason
            when sheet_rows.sheet in ('reported_effects', 'reported_rates', 'primary_studies')
                then
                    case
                        when pooled_rows.is_used then 'member of an analysis'
                        when trial_pool_rows.is_used then 'member of a pool of trials'
                        else
                            coalesce(
                                effect_reasons.reason,
                                pooled_rows.reason,
                                trial_pool_rows.reason,
                                'passes the filters of no declared analysis'
                            )
                    end
            when sheet_rows.sheet = 'meta_analyses'
                then
                    if(
                        meta_analysis_rows.is_used,
                        'a row of it is pooled',
                        meta_analysis_rows.reason
                    )
            when sheet_rows.sheet in ('second_extraction', 'second_extraction_rates')
                then 'second reading, for comparison; never pooled'
            when sheet_rows.sheet in ('study_inclusion', 'trial_aliases')
                then 'for the study of overlap'
            when sheet_rows.sheet = 'corrections' then 'says why a cell holds what it holds'
            when sheet_rows.sheet = 'unread_meta_analyses' then 'its numbers could not be read'
            when sheet_rows.sheet = 'reported_certainty'
                then 'what a meta-analysis says itself; no result rests on it'
            when sheet_rows.sheet = 'adjudications'
                then
                    if(
                        ends_with(row_ids.row_id, ' / comparator_class'),
                        'records the disputed class; the comparator code decides it',
                        'replaces the first extractor''s value'
                    )
            when sheet_rows.sheet in (select vocabulary from {{ ref('stg_sheet_columns') }})
                then
                    if(
                        codes_in_use.row_id is null,
                        'no sheet uses this code',
                        'a sheet uses this code'
                    )
            else 'read by the models'
        end as reason
    from sheet_rows
    left join row_ids
        on sheet_rows.sheet = row_ids.sheet and sheet_rows.row_number = row_ids.row_number
    left join rejected
        on sheet_rows.sheet = rejected.sheet and sheet_rows.row_number = rejected.row_number
    left join pooled_rows
        on sheet_rows.sheet = pooled_rows.sheet and row_ids.row_id = pooled_rows.row_id
    left join trial_pool_rows
        on sheet_rows.sheet = trial_pool_rows.sheet and row_ids.row_id = trial_pool_rows.row_id
    left join effect_reasons
        on
            sheet_rows.sheet = effect_reasons.sheet
            and sheet_rows.row_number = effect_reasons.row_number
    left join meta_analysis_rows
        on
            sheet_rows.sheet = meta_analysis_rows.sheet
            and sheet_rows.row_number = meta_analysis_rows.row_number
    left join codes_in_use
        on sheet_rows.sheet = codes_in_use.sheet and row_ids.row_id = codes_in_use.row_id
),

final as (
    select
        sheet || ':' || row_number as disposition_id,
        sheet,
        row_number,
        row_id,
        disposition,
        reason
    from decided
)

select * from final
order by sheet, row_number
