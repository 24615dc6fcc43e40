{# Meta-analysis of several correlated effects per study, cluster-robust. Made by python -m python_udfs.fingerprint --write. #}
{% macro pool_correlated(yi, vi, cluster, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pool_correlated({{ yi }}, {{ vi }}, {{ cluster }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
