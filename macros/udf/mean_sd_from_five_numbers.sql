{# Mean and standard deviation from median, quartiles and range, with a test for skewness. Made by python -m python_udfs.fingerprint --write. #}
{% macro mean_sd_from_five_numbers(minimum, q1, median, q3, maximum, n, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ mean_sd_from_five_numbers({{ minimum }}, {{ q1 }}, {{ median }}, {{ q3 }}, {{ maximum }}, {{ n }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
