{# Covariance of two effects on counts that share a control group. Made by python -m python_udfs.fingerprint --write. #}
{% macro cov_shared_control_counts(events_control, n_control, measure) -%}
/* kernels {{ kernel_fingerprint() }} */ cov_shared_control_counts({{ events_control }}, {{ n_control }}, {{ measure }})
{%- endmacro %}
