{# Hedges' g from eta squared of two groups. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_eta2(eta2, sign, n1, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_eta2({{ eta2 }}, {{ sign }}, {{ n1 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
