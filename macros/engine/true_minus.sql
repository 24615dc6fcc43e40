{% macro true_minus(text) -%}
    regexp_replace(
        regexp_replace({{ text }}, '(^|[ (])-(0\.0+)([^\d]|$)', '\1\2\3', 'g'),
        '(^|[ (])-(\d)', '\1−\2', 'g'
    )
{%- endmacro %}
