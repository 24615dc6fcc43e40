{# Any number of arms as one group: size, mean and standard deviation. Made by python -m python_udfs.fingerprint --write. #}
{% macro combine_arms(ns, means, sds) -%}
/* kernels {{ kernel_fingerprint() }} */ combine_arms({{ ns }}, {{ means }}, {{ sds }})
{%- endmacro %}
