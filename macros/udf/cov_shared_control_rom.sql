{# Covariance of two log ratios of means that share a control group. Made by python -m python_udfs.fingerprint --write. #}
{% macro cov_shared_control_rom(m_control, sd_control, n_control) -%}
/* kernels {{ kernel_fingerprint() }} */ cov_shared_control_rom({{ m_control }}, {{ sd_control }}, {{ n_control }})
{%- endmacro %}
