{# Pooled standard deviation from the standard error of a mean difference. Made by python -m python_udfs.fingerprint --write. #}
{% macro sd_from_md_se(se, n1, n2) -%}
/* kernels {{ kernel_fingerprint() }} */ sd_from_md_se({{ se }}, {{ n1 }}, {{ n2 }})
{%- endmacro %}
