{# Mean and standard deviation from median and range, with a test for skewness. Made by python -m python_udfs.fingerprint --write. #}
{% macro mean_sd_from_median_range(minimum, median, maximum, n, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ mean_sd_from_median_range({{ minimum }}, {{ median }}, {{ maximum }}, {{ n }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
