{# Hedges' g from a trial's Cohen's d; a given variance is multiplied by J squared. Made by python -m python_udfs.fingerprint --write. #}
{% macro g_from_d(d, vi, n1, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ g_from_d({{ d }}, {{ vi }}, {{ n1 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
