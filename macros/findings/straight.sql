{#- On which scale the interval of a row is symmetric: of plain ratios their logarithms. -#}

{% macro straight(number) -%}
    case when not is_plain_ratio then {{ number }} when {{ number }} > 0 then ln({{ number }}) end
{%- endmacro %}
