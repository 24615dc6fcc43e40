{# Covariance of two mean differences that share a control group. Made by python -m python_udfs.fingerprint --write. #}
{% macro cov_shared_control_md(sd_control, n_control) -%}
/* kernels {{ kernel_fingerprint() }} */ cov_shared_control_md({{ sd_control }}, {{ n_control }})
{%- endmacro %}
