{# Mean and standard deviation from median and quartiles, with a test for skewness. Made by python -m python_udfs.fingerprint --write. #}
{% macro mean_sd_from_quartiles(q1, median, q3, n, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ mean_sd_from_quartiles({{ q1 }}, {{ median }}, {{ q3 }}, {{ n }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
