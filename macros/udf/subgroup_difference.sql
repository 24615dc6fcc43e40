{# Test for a difference between independent subgroups (separate tau2). Made by python -m python_udfs.fingerprint --write. #}
{% macro subgroup_difference(estimates, ses) -%}
/* kernels 69a87fb227ca */ subgroup_difference({{ estimates }}, {{ ses }})
{%- endmacro %}
