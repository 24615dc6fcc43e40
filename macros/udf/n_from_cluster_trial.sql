{# Effective sample size of a cluster-randomised arm. Made by python -m python_udfs.fingerprint --write. #}
{% macro n_from_cluster_trial(n, cluster_size, icc) -%}
/* kernels {{ kernel_fingerprint() }} */ n_from_cluster_trial({{ n }}, {{ cluster_size }}, {{ icc }})
{%- endmacro %}
