{# Standard deviation of change from those before and after. Made by python -m python_udfs.fingerprint --write. #}
{% macro sd_of_change(sd_pre, sd_post, r) -%}
/* kernels {{ kernel_fingerprint() }} */ sd_of_change({{ sd_pre }}, {{ sd_post }}, {{ r }})
{%- endmacro %}
