{# Crude proportion with its exact binomial interval. Made by python -m python_udfs.fingerprint --write. #}
{% macro proportion_ci_exact(events, total, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ proportion_ci_exact({{ events }}, {{ total }}, {{ ci_level }})
{%- endmacro %}
