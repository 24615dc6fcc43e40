{# Gwet's AC1: agreement of two raters on codes, steady when one code prevails. Made by python -m python_udfs.fingerprint --write. #}
{% macro gwet_ac1(first, second, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ gwet_ac1({{ first }}, {{ second }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
