{# Crude proportion with its exact binomial interval. Made by python -m python_udfs.fingerprint --write. #}
{% macro proportion_ci_exact(events, total, ci_level) -%}
/* kernels 69a87fb227ca */ proportion_ci_exact({{ events }}, {{ total }}, {{ ci_level }})
{%- endmacro %}
