{# Test for a difference between independent subgroups (separate tau2). Made by python -m python_udfs.fingerprint --write. #}
{% macro subgroup_difference(estimates, ses) -%}
/* kernels {{ kernel_fingerprint() }} */ subgroup_difference({{ estimates }}, {{ ses }})
{%- endmacro %}
