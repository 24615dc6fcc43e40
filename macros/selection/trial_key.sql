{% macro first_author_key(identifier) -%}
    lower(strip_accents(regexp_extract({{ identifier }}, '^[^0-9_-]+')))
{%- endmacro %}
