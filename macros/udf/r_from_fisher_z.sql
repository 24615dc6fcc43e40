{# Correlation from Fisher's z, variance by the delta method. Made by python -m python_udfs.fingerprint --write. #}
{% macro r_from_fisher_z(z, vi) -%}
/* kernels {{ kernel_fingerprint() }} */ r_from_fisher_z({{ z }}, {{ vi }})
{%- endmacro %}
