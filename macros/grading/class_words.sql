{% macro class_words(text) -%}
    trim(regexp_replace(
        regexp_replace(lower({{ text }}), '\b(class|evidence|level)\b', ' ', 'g'),
        '[^a-z0-9]+', ' ', 'g'
    ))
{%- endmacro %}
