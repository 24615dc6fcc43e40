{# Cohen's d from phi. Made by python -m python_udfs.fingerprint --write. #}
{% macro d_from_phi(phi, n) -%}
/* kernels {{ kernel_fingerprint() }} */ d_from_phi({{ phi }}, {{ n }})
{%- endmacro %}
