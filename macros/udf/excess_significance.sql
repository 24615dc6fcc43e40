{# Tests of excess significance: Ioannidis-Trikalinos, TESS, PSST. Made by python -m python_udfs.fingerprint --write. #}
{% macro excess_significance(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ excess_significance({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
