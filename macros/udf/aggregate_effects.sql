{# Several correlated effects of one study as one effect. Made by python -m python_udfs.fingerprint --write. #}
{% macro aggregate_effects(yi, vi, rho, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ aggregate_effects({{ yi }}, {{ vi }}, {{ rho }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
