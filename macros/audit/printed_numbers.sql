{% macro printed_numbers(sheet, columns) -%}
    select
        row_number
        {%- for column in columns %},
        "{{ column }}" as {{ column }}_printed,
        {{ decimals('"' ~ column ~ '"') }} as {{ column }}_decimals
        {%- endfor %}
    from ({{ sheet_rows(sheet, columns) }})
{%- endmacro %}


{% macro decimals(text) -%}
    {%- set places -%}
        length(regexp_extract({{ text }}, '\.(\d*)', 1))
        - coalesce(try_cast(regexp_extract({{ text }}, '[eE]([+-]?\d+)$', 1) as integer), 0)
    {%- endset %}
    {{ greatest_of([places, '0']) }}
{%- endmacro %}


{% macro smallest(column, prefix='') -%}
    ({{ prefix }}{{ column }} - 0.5 * power(10, -{{ prefix }}{{ column }}_decimals))
{%- endmacro %}


{% macro largest(column, prefix='') -%}
    ({{ prefix }}{{ column }} + 0.5 * power(10, -{{ prefix }}{{ column }}_decimals))
{%- endmacro %}


{% macro on_scale(value) -%}
    case
        when scale = 'linear' then {{ value }}
        when scale = 'log' and {{ value }} > 0 then ln({{ value }})
    end
{%- endmacro %}


{% macro slack() -%}
    1e-9
{%- endmacro %}
{% macro show(number) -%}
    rtrim(rtrim(printf('%.6f', {{ number }}), '0'), '.')
{%- endmacro %}


{% macro show_p(p_value) -%}
    if({{ p_value }} < 0.0001, 'below 0.0001', printf('%.4f', {{ p_value }}))
{%- endmacro %}


{#- Statistical software tells no P below this from zero, and prints it for whatever is smaller: R's
    "< 2.2e-16" is the relative precision of a double. -#}
{% macro least_p() -%}
    2.3e-16
{%- endmacro %}


{#- A range of P in words, with the power of ten where four decimals would print zeros. -#}
{% macro show_p_range(least, most) -%}
    case
        when {{ most }} < {{ least_p() }} then 'P below {{ least_p() }}'
        else 'P from ' || {{ show_small_p(least) }} || ' to ' || {{ show_small_p(most) }}
    end
{%- endmacro %}


{% macro show_small_p(p_value) -%}
    case
        when {{ p_value }} < {{ least_p() }} then 'below {{ least_p() }}'
        when {{ p_value }} < 0.0001 then printf('%.1e', {{ p_value }})
        else printf('%.4f', {{ p_value }})
    end
{%- endmacro %}


{% macro check_columns() %}
    {{ return([
        'subject_kind', 'subject_id', 'claim_id', 'other_claim_id', 'rule', 'printed_value',
        'implied_low', 'implied_high', 'implied_unit', 'statistic', 'p_value', 'is_possible',
        'obstacle', 'fact', 'section',
    ]) }}
{% endmacro %}
