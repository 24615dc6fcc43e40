{# Egger's regression test for small-study effects. Made by python -m python_udfs.fingerprint --write. #}
{% macro egger_test(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ egger_test({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
