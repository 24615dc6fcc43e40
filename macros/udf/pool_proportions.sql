{# Meta-analysis of proportions of one group. Made by python -m python_udfs.fingerprint --write. #}
{% macro pool_proportions(events, totals, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pool_proportions({{ events }}, {{ totals }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
