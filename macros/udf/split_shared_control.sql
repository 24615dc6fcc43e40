{# Share of a control group in each of several comparisons. Made by python -m python_udfs.fingerprint --write. #}
{% macro split_shared_control(count, comparisons) -%}
/* kernels {{ kernel_fingerprint() }} */ split_shared_control({{ count }}, {{ comparisons }})
{%- endmacro %}
