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

final as (
    select
        sheet,
        row_number,
        row_id,
        found.rule as rule,
        array_to_string(
            list_transform(
                columns,
                lambda name: coalesce(
                    case part
                        {%- for part in result_parts() %}
                        when '{{ part.part }}' then map({{ renamed_cells(part.cells) }})[name]
                        {%- endfor %}
                    end,
                    name
                )
            ),
            ', '
        ) as columns,
        found.printed as printed,
        found.implied_low as implied_low,
        found.implied_high as implied_high,
        found.why as why,
        nullif(candidate, '') as candidate
    from said_once
)

select * from final
