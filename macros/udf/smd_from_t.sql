{# Hedges' g from an independent-groups t test. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_t(t, n1, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_t({{ t }}, {{ n1 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
