-- Grain: one row per part of a row of a sheet in which a rule of results finds something.
{% set checks = result_checks() %}
with

{{ result_ranges(ref('int_printed_results')) }},

flagged as (
    select
        *,
        {{ check_flags(checks) }} as flags
    from derived
),

final as (
    select
        sheet,
        row_number,
        row_id,
        part,
        flags,
        {{ found_checks(checks) }} as found,
        list_distinct(flatten(list_transform(found, lambda each: each.columns))) as touched
    from flagged
    where list_contains(flags, true)
)

select * from final
