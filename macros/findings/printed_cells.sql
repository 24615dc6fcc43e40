{#- Valid rows of a sheet with each of these numbers as text and as the range of numbers that would
    be printed so; whole numbers stand for themselves. -#}
{% macro printed_cells(sheet, rounded, whole) -%}
    select
        valid.*,
        {%- for name in rounded + whole %}
        cells.{{ name }}_printed,
        {%- endfor %}
        {{ printed_ranges(rounded, whole, 'valid.') }}
    from {{ ref('stg_extraction__' ~ sheet) }} as valid
    inner join ({{ printed_numbers(sheet, rounded + whole) }}) as cells
        on valid.row_number = cells.row_number
{%- endmacro %}


{#- Smallest and largest number that is printed so, of numbers that stand beside their decimals. -#}
{% macro printed_ranges(rounded, whole, prefix='') %}
    {%- for name in rounded %}
    {{ prefix }}{{ name }} - 0.5 * power(10, -{{ name }}_decimals) as {{ name }}_least,
    {{ prefix }}{{ name }} + 0.5 * power(10, -{{ name }}_decimals) as {{ name }}_most
    {{- ',' if whole or not loop.last }}
    {%- endfor %}
    {%- for name in whole %}
    {{ prefix }}{{ name }} as {{ name }}_least,
    {{ prefix }}{{ name }} as {{ name }}_most
    {{- ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{#- How many decimals each number has, by the text beside it. -#}
{% macro decimals_beside(names) -%}
    {%- for name in names %}
    {{ decimals(name ~ '_printed') | trim }} as {{ name }}_decimals{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- A finding's numbers however their statistics are spelled: an acknowledgement typed as "p = 0.03"
    or "I2 74" is of the finding that prints "P = 0.03" or "I² 74". -#}
{% macro spelled(text) -%}
    lower(replace(replace({{ text }}, '²', '2'), 'τ', 'tau'))
{%- endmacro %}
