{# Standard deviation from the range, for the size of the sample. Made by python -m python_udfs.fingerprint --write. #}
{% macro sd_from_range(minimum, maximum, n) -%}
/* kernels {{ kernel_fingerprint() }} */ sd_from_range({{ minimum }}, {{ maximum }}, {{ n }})
{%- endmacro %}
