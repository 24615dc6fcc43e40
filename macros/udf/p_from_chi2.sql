{# Upper tail probability of the chi-square distribution. Made by python -m python_udfs.fingerprint --write. #}
{% macro p_from_chi2(q, df) -%}
/* kernels {{ kernel_fingerprint() }} */ p_from_chi2({{ q }}, {{ df }})
{%- endmacro %}
