{# Hedges' g from the two-sided p of an independent-groups t test. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_p(p_value, sign, n1, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_p({{ p_value }}, {{ sign }}, {{ n1 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
