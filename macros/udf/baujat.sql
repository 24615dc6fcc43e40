{# Coordinates of the Baujat plot: heterogeneity against influence of every study. Made by python -m python_udfs.fingerprint --write. #}
{% macro baujat(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ baujat({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
