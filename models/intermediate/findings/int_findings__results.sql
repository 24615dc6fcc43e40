-- Grain: one row per rule and part of a row that holds a result: numbers that do not go together.
with

{{ findings_of_checks(
    ref('int_result_checks'), ref('int_result_repairs'), ['sheet', 'row_number', 'part']
) }},

-- What both readers read needs to be said once.
said_once as (
    select *
    from blamed
    qualify part != 'second' or not bool_or(part = 'result') over (partition by row_id, found.rule)
),

{{ finding_rows('said_once', typed_columns()) }}

select * from final
