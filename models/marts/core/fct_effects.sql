-- Grain: one row per valid reported effect, with the path from the sheet's numbers to the pooled
-- scale. SMDs are signed so that above zero favours the intervention.
with

effects as (
    select * from {{ ref('int_effects') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

memberships as (
    select
        effect_id,
        count(distinct analysis_id) as n_analyses,
        string_agg(distinct analysis_id, ', ' order by analysis_id) as analyses
    from {{ ref('int_analysis_candidates') }}
    where is_member and source_sheet = 'reported_effects'
    group by effect_id
),

unresolved as (
    select
        effect_id,
        string_agg(distinct field, ', ' order by field) as unresolved_fields
    from {{ ref('int_unresolved_differences') }}
    where source_sheet = 'reported_effects'
    group by effect_id
),

readings as (
    select
        row_id as effect_id,
        any_value(found) in ('y', 'resolved') as is_read_twice
    from {{ ref('int_extraction_differences') }}
    where sheet = 'reported_effects'
    group by row_id
),

final as (
    select
        effects.* exclude (
            row_number, flag_list, adjudicated_fields, assumptions, not_poolable_reasons,
            is_poolable
        ),
        'reported_effects' as sheet,
        effects.row_number as sheet_row,
        meta_analyses.eligibility = 'included' as is_included,
        nullif(array_to_string(effects.flag_list, '; '), '') as flags,
        nullif(array_to_string(effects.adjudicated_fields, '; '), '') as adjudicated_fields,
        nullif(array_to_string(effects.assumptions, '; '), '') as assumptions,
        effects.is_poolable,
        nullif(array_to_string(effects.not_poolable_reasons, '; '), '') as not_poolable_reason,
        cast(coalesce(memberships.n_analyses, 0) as integer) as n_analyses,
        memberships.analyses,
        coalesce(readings.is_read_twice, false) as is_read_twice,
        unresolved.effect_id is not null as is_unresolved,
        unresolved.unresolved_fields
    from effects
    inner join meta_analyses on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    left join memberships on effects.effect_id = memberships.effect_id
    left join readings on effects.effect_id = readings.effect_id
    left join unresolved on effects.effect_id = unresolved.effect_id
)

select * from final
order by sheet_row
