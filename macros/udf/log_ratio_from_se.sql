{# Log of a reported ratio, its variance from a standard error. Made by python -m python_udfs.fingerprint --write. #}
{% macro log_ratio_from_se(ratio, se, se_scale) -%}
/* kernels {{ kernel_fingerprint() }} */ log_ratio_from_se({{ ratio }}, {{ se }}, {{ se_scale }})
{%- endmacro %}
