-- Grain: one row per valid rate of any outcome, from a meta-analysis or from one trial's
-- intervention arm, with its path to the logit scale.
with

rates as (
    select * from {{ ref('int_rates') }}
),

memberships as (
    select
        source_sheet,
        effect_id as rate_id,
        count(distinct analysis_id) as n_analyses,
        string_agg(distinct analysis_id, ', ' order by analysis_id) as analyses
    from {{ ref('int_analysis_candidates') }}
    where is_member and source_sheet != 'reported_effects'
    group by source_sheet, effect_id
),

final as (
    select
        rates.* exclude (row_number, cluster_id, person_years, assumptions, not_poolable_reasons),
        rates.row_number as sheet_row,
        nullif(array_to_string(rates.assumptions, '; '), '') as assumptions,
        nullif(array_to_string(rates.not_poolable_reasons, '; '), '') as not_poolable_reason,
        cast(coalesce(memberships.n_analyses, 0) as integer) as n_analyses,
        memberships.analyses
    from rates
    left join memberships
        on rates.source_sheet = memberships.source_sheet and rates.rate_id = memberships.rate_id
)

select * from final
order by source_sheet, sheet_row
