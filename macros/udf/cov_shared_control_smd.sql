{# Covariance of two standardised mean differences that share a control group. Made by python -m python_udfs.fingerprint --write. #}
{% macro cov_shared_control_smd(yi1, yi2, n_control, n_total) -%}
/* kernels {{ kernel_fingerprint() }} */ cov_shared_control_smd({{ yi1 }}, {{ yi2 }}, {{ n_control }}, {{ n_total }})
{%- endmacro %}
