{# Standardised mean change from a paired t test. Made by python -m python_udfs.fingerprint --write. #}
{% macro smcc_from_paired_t(t, n, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smcc_from_paired_t({{ t }}, {{ n }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
