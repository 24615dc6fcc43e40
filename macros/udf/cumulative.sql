{# The meta-analysis study by study, in the order of the lists. Made by python -m python_udfs.fingerprint --write. #}
{% macro cumulative(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ cumulative({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
