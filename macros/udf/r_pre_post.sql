{# Correlation of before and after from three standard deviations. Made by python -m python_udfs.fingerprint --write. #}
{% macro r_pre_post(sd_pre, sd_post, sd_change) -%}
/* kernels {{ kernel_fingerprint() }} */ r_pre_post({{ sd_pre }}, {{ sd_post }}, {{ sd_change }})
{%- endmacro %}
