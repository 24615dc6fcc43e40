{# Crude proportion with its score interval. Made by python -m python_udfs.fingerprint --write. #}
{% macro proportion_ci_wilson(events, total, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ proportion_ci_wilson({{ events }}, {{ total }}, {{ ci_level }})
{%- endmacro %}
