{# Mixed-effects meta-regression of effects on one or several moderators. Made by python -m python_udfs.fingerprint --write. #}
{% macro meta_regression(yi, vi, x, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ meta_regression({{ yi }}, {{ vi }}, {{ x }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
