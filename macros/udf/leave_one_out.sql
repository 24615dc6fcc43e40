{# The meta-analysis without each study in turn; single_study when there is no other. Made by python -m python_udfs.fingerprint --write. #}
{% macro leave_one_out(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ leave_one_out({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
