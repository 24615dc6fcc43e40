{# Cohen's d from chi-square with one degree of freedom. Made by python -m python_udfs.fingerprint --write. #}
{% macro d_from_chi2(chi2, sign, n) -%}
/* kernels {{ kernel_fingerprint() }} */ d_from_chi2({{ chi2 }}, {{ sign }}, {{ n }})
{%- endmacro %}
