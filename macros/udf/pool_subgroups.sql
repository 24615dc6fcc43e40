{# Meta-analysis of each subgroup, separate or common tau2, and their difference. Made by python -m python_udfs.fingerprint --write. #}
{% macro pool_subgroups(yi, vi, groups, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pool_subgroups({{ yi }}, {{ vi }}, {{ groups }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
