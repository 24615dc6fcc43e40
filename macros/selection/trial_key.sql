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
