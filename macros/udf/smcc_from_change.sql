{# Standardised mean change from the mean change and its SD. Made by python -m python_udfs.fingerprint --write. #}
{% macro smcc_from_change(change, sd_change, n, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smcc_from_change({{ change }}, {{ sd_change }}, {{ n }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
