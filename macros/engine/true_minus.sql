{% macro true_minus(text) -%}
    regexp_replace({{ text }}, '(^|[ (])-(\d)', '\1−\2', 'g')
{%- endmacro %}
