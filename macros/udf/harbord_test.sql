{# Harbord's score test for small-study effects in odds ratios. Made by python -m python_udfs.fingerprint --write. #}
{% macro harbord_test(ai, n1, ci, n2, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ harbord_test({{ ai }}, {{ n1 }}, {{ ci }}, {{ n2 }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
