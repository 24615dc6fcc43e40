-- Grain: one row per rule and trial: numbers that do not go together.
with

{{ findings_of_checks(ref('int_trial_checks'), ref('int_trial_repairs'), ['row_number']) }},

final as (
    select
        sheet,
        row_number,
        row_id,
        found.rule as rule,
        array_to_string(columns, ', ') as columns,
        found.printed as printed,
        found.implied_low as implied_low,
        found.implied_high as implied_high,
        found.why as why,
        nullif(candidate, '') as candidate
    from blamed
)

select * from final
