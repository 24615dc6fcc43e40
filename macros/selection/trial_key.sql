{#-
  A trial's label without what sources write differently: accents, "et al", brackets, punctuation;
  with the year at its end where the label itself has none.
-#}
{% macro trial_key(label, year) -%}
    regexp_replace(
        lower(strip_accents(regexp_replace({{ label }}, '\[[^\]]*\]|\bet al\b\.?', ' ', 'gi'))),
        '[^a-z0-9]', '', 'g'
    ) || if(
        regexp_matches({{ label }}, '(?:19|20)\d\d'), '', coalesce(cast({{ year }} as varchar), '')
    )
{%- endmacro %}


{#- The first author in a trial's identifier: its letters up to the first digit or hyphen. -#}
{% macro first_author_key(identifier) -%}
    lower(strip_accents(regexp_extract({{ identifier }}, '^[^0-9_-]+')))
{%- endmacro %}
