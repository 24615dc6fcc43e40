{# The meta-analysis of every subset of the studies, or of a sample of them. Made by python -m python_udfs.fingerprint --write. #}
{% macro gosh(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ gosh({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
