{# Absolute normal statistic that has a given two-sided p. Made by python -m python_udfs.fingerprint --write. #}
{% macro z_from_p(p) -%}
/* kernels {{ kernel_fingerprint() }} */ z_from_p({{ p }})
{%- endmacro %}
