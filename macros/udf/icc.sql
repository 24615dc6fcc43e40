{# Intraclass correlation of two raters' numbers. Made by python -m python_udfs.fingerprint --write. #}
{% macro icc(first, second, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ icc({{ first }}, {{ second }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
