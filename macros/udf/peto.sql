{# Peto's one-step meta-analysis of 2x2 tables, for rare events. Made by python -m python_udfs.fingerprint --write. #}
{% macro peto(ai, n1, ci, n2, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ peto({{ ai }}, {{ n1 }}, {{ ci }}, {{ n2 }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
