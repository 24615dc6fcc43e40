{# Hedges' g from a one-way F test of two groups. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_f(f, sign, n1, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_f({{ f }}, {{ sign }}, {{ n1 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
