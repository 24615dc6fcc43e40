{# Rank correlation test for small-study effects. Made by python -m python_udfs.fingerprint --write. #}
{% macro begg_test(yi, vi) -%}
/* kernels {{ kernel_fingerprint() }} */ begg_test({{ yi }}, {{ vi }})
{%- endmacro %}
