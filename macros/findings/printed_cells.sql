{#- Valid rows of a sheet with each of these numbers as text and as the range of numbers that would
    be printed so; whole numbers stand for themselves. -#}
{% macro printed_cells(sheet, rounded, whole) -%}
    select
        valid.*,
        {%- for name in rounded + whole %}
        cells.{{ name }} as {{ name }}_printed,
        {%- endfor %}
        {{ printed_ranges(rounded, whole, 'valid.') }}
    from {{ ref('stg_extraction__' ~ sheet) }} as valid
    inner join ({{ sheet_rows(sheet) }}) as cells on valid.row_number = cells.row_number
{%- endmacro %}


{#- Smallest and largest number that is printed so, of numbers that stand beside their texts. -#}
{% macro printed_ranges(rounded, whole, prefix='') %}
    {%- for name in rounded %}
    {{ prefix }}{{ name }} - 0.5 * power(10, -{{ decimals(name ~ '_printed') }}) as {{ name }}_least,
    {{ prefix }}{{ name }} + 0.5 * power(10, -{{ decimals(name ~ '_printed') }}) as {{ name }}_most
    {{- ',' if whole or not loop.last }}
    {%- endfor %}
    {%- for name in whole %}
    {{ prefix }}{{ name }} as {{ name }}_least,
    {{ prefix }}{{ name }} as {{ name }}_most
    {{- ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}
