{# Case-deletion diagnostics of every study; single_study when there is no other. Made by python -m python_udfs.fingerprint --write. #}
{% macro influence(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ influence({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
