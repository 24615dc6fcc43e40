{# Log of a reported ratio, its variance from the two-sided p. Made by python -m python_udfs.fingerprint --write. #}
{% macro log_ratio_from_p(ratio, p_value) -%}
/* kernels {{ kernel_fingerprint() }} */ log_ratio_from_p({{ ratio }}, {{ p_value }})
{%- endmacro %}
