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

-- A review of risks or harms has them in many rows: there they are no hint at a slip.
harms as (
    select
        count(*) as n,
        n >= 5 and n > 0.2 * (
            select count(*) from {{ ref('int_printed_results') }}
            where part = 'result' and ci_low is not null
        ) as are_looked_for
    from said_once
    where found.rule = 'harm_is_significant'
),

telling as (
    select said_once.*
    from said_once
    cross join harms
    where not (harms.are_looked_for and said_once.found.rule = 'harm_is_significant')
),

{{ finding_rows('telling', typed_columns()) }}

select * from final
