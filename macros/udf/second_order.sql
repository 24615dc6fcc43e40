{# Second-order meta-analysis: how much means of meta-analyses differ beyond chance. Made by python -m python_udfs.fingerprint --write. #}
{% macro second_order(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ second_order({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
