{% macro trial_key(label, year) -%}
    regexp_replace(
        lower(strip_accents(regexp_replace({{ label }}, '\[[^\]]*\]|\bet al\b\.?', ' ', 'gi'))),
        '[^a-z0-9]', '', 'g'
    ) || if(
        regexp_matches({{ label }}, '(?:19|20)\d\d'), '', coalesce(cast({{ year }} as varchar), '')
    )
{%- endmacro %}


{% macro first_author_key(identifier) -%}
    lower(strip_accents(regexp_extract({{ identifier }}, '^[^0-9_-]+')))
{%- endmacro %}
