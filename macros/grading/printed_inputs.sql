{% macro bound_of(operator) -%}
    case {{ operator }}
        when '<' then 'below'
        when '<=' then 'at_most'
        when '>' then 'above'
        when '>=' then 'at_least'
        else 'exact'
    end
{%- endmacro %}


{% macro printed_input(number, missing, operator=none) -%}
    {{ grading_input(
        number,
        "'as reported'",
        missing,
        bound=bound_of(operator) if operator else "'exact'",
        low=printed_end(number, smallest(number), operator),
        high=printed_end(number, largest(number), operator),
        source="'reported'",
    ) }}
{%- endmacro %}


{% macro printed_end(number, end, operator) -%}
    {{ "if(coalesce(" ~ operator ~ ", '=') = '=', " ~ end ~ ', ' ~ number ~ ')' if operator else end }}
{%- endmacro %}


{% macro printed_verdict(value, bound, missing) -%}
    {{ grading_input(
        value,
        "'the source says so'",
        missing,
        bound=bound,
        source="'reported'",
    ) }}
{%- endmacro %}


{% macro printed_test(number, verdict, missing) -%}
    {#- A verdict speaks where the number is not printed, or only as a bound. -#}
    if(
        {{ number }} is not null
        and ({{ verdict }} is null or coalesce({{ number }}_operator, '=') = '='),
        {{ printed_input(number, missing, number ~ '_operator') }},
        {{ printed_verdict(
            'case ' ~ verdict ~ " when 'no' then 1 when 'yes' then 0 end",
            "'verdict'",
            missing,
        ) }}
    )
{%- endmacro %}


{% macro printed_distance(number, verdict, missing) -%}
    if(
        {{ number }} is not null,
        {{ grading_input(
            number,
            "'as reported'",
            missing,
            low=number ~ '_min',
            high=number ~ '_max',
            source="'reported'",
        ) }},
        {{ printed_verdict(
            'if(' ~ verdict ~ ' is null, null, 0)',
            'if(' ~ verdict ~ " = 'yes', 'above', 'at_most')",
            missing,
        ) }}
    )
{%- endmacro %}


{% macro known_or_printed(computed, printed) -%}
    if(
        ({{ computed }}).value is null and ({{ printed }}).value is not null,
        {{ printed }},
        {{ computed }}
    )
{%- endmacro %}
