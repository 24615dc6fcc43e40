{# Mantel-Haenszel meta-analysis of 2x2 tables, without correction of counts. Made by python -m python_udfs.fingerprint --write. #}
{% macro mantel_haenszel(ai, n1, ci, n2, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ mantel_haenszel({{ ai }}, {{ n1 }}, {{ ci }}, {{ n2 }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
