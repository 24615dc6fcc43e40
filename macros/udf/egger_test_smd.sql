{# Egger's test for standardised mean differences: predictor sqrt(1/n1 + 1/n2). Made by python -m python_udfs.fingerprint --write. #}
{% macro egger_test_smd(yi, vi, n1, n2, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ egger_test_smd({{ yi }}, {{ vi }}, {{ n1 }}, {{ n2 }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
