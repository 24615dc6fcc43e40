{# Upper tail probability of the chi-square distribution. Made by python -m python_udfs.fingerprint --write. #}
{% macro p_from_chi2(q, df) -%}
/* kernels 4ab94b0d6833 */ p_from_chi2({{ q }}, {{ df }})
{%- endmacro %}
