{# Fail-safe N, discouraged: unseen null results that would undo the finding. Made by python -m python_udfs.fingerprint --write. #}
{% macro fail_safe_n(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ fail_safe_n({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
