{# Trim and fill: missing studies and the pooled effect with them filled in. Made by python -m python_udfs.fingerprint --write. #}
{% macro trim_and_fill(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ trim_and_fill({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
