{#-
  How numbers were printed: the text of each cell and its number of decimals ('0.390' has three),
  from which the range of values that round to the print follows.
-#}
{% macro printed_numbers(sheet, columns) -%}
    select
        rowid + 2 as row_number
        {%- for column in columns %},
        {{ clean_text(column) }} as {{ column }}_printed,
        {{ decimals(clean_text(column)) }} as {{ column }}_decimals
        {%- endfor %}
    from {{ ref(sheet) }}
{%- endmacro %}


{#- Decimals of a number given as text; an exponent moves the point ('1.5e-3' has four). -#}
{% macro decimals(text) -%}
    greatest(
        length(regexp_extract({{ text }}, '\.(\d*)', 1))
        - coalesce(try_cast(regexp_extract({{ text }}, '[eE]([+-]?\d+)$', 1) as integer), 0),
        0
    )
{%- endmacro %}


{#- Smallest and largest value that rounds to a printed number: half a unit of its last decimal. -#}
{% macro smallest(column, prefix='') -%}
    ({{ prefix }}{{ column }} - 0.5 * power(10, -{{ prefix }}{{ column }}_decimals))
{%- endmacro %}


{% macro largest(column, prefix='') -%}
    ({{ prefix }}{{ column }} + 0.5 * power(10, -{{ prefix }}{{ column }}_decimals))
{%- endmacro %}


{#- A value on the scale of its row, which has a column scale: linear, or log for ratios. -#}
{% macro on_scale(value) -%}
    case
        when scale = 'linear' then {{ value }}
        when scale = 'log' and {{ value }} > 0 then ln({{ value }})
    end
{%- endmacro %}


{#- What comparisons of two computed bounds forgive: binary fractions, never a printed digit. -#}
{% macro slack() -%}
    1e-9
{%- endmacro %}
{#- A number in a sentence: at most six decimals, no trailing zeros. -#}
{% macro show(number) -%}
    rtrim(rtrim(printf('%.6f', {{ number }}), '0'), '.')
{%- endmacro %}


{#- A p-value in a sentence. -#}
{% macro show_p(p_value) -%}
    if({{ p_value }} < 0.0001, 'below 0.0001', printf('%.4f', {{ p_value }}))
{%- endmacro %}


{#- Columns that every family of checks hands on, in this order. -#}
{% macro check_columns() %}
    {{ return([
        'subject_kind', 'subject_id', 'claim_id', 'other_claim_id', 'rule', 'printed_value',
        'implied_low', 'implied_high', 'implied_unit', 'statistic', 'p_value', 'is_possible',
        'obstacle', 'fact', 'section',
    ]) }}
{% endmacro %}
