{# The meta-analysis when no study may be surer of its sign than a ceiling allows. Made by python -m python_udfs.fingerprint --write. #}
{% macro credibility_ceiling(yi, vi, ceilings, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ credibility_ceiling({{ yi }}, {{ vi }}, {{ ceilings }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
