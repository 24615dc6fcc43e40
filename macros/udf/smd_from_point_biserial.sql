{# Hedges' g from a point-biserial correlation. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_point_biserial(r, n1, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_point_biserial({{ r }}, {{ n1 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
