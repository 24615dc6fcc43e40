{# Effect of a 2x2 table from events and totals of two arms. Made by python -m python_udfs.fingerprint --write. #}
{% macro effect_from_counts(ai, n1, ci, n2, measure, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ effect_from_counts({{ ai }}, {{ n1 }}, {{ ci }}, {{ n2 }}, {{ measure }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
