{# Standard error of a cluster-randomised trial from one that ignores clusters. Made by python -m python_udfs.fingerprint --write. #}
{% macro se_from_cluster_trial(se, cluster_size, icc) -%}
/* kernels {{ kernel_fingerprint() }} */ se_from_cluster_trial({{ se }}, {{ cluster_size }}, {{ icc }})
{%- endmacro %}
