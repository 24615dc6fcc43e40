{#- Valid rows of a sheet with each of these numbers as text and as the range of numbers that would
    be printed so; whole numbers stand for themselves. -#}
{% macro printed_cells(sheet, rounded, whole) -%}
    select
        valid.*,
        {%- for name in rounded + whole %}
        {{ clean_text(name, 'typed.') }} as {{ name }}_printed,
        {%- endfor %}
        {{ printed_ranges(rounded, whole, 'valid.') }}
    from {{ ref('stg_extraction__' ~ sheet) }} as valid
    inner join ({{ typed_cells(sheet) }}) as typed on valid.row_number = typed.row_number
{%- endmacro %}


{#- The rows of a sheet as typed, with their numbers. -#}
{% macro typed_cells(sheet) -%}
    select
        *,
        rowid + 2 as row_number
    from {{ ref(sheet) }}
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
