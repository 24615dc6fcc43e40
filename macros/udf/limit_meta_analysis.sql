{# Limit meta-analysis: effect at infinite precision under a small-study effect. Made by python -m python_udfs.fingerprint --write. #}
{% macro limit_meta_analysis(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ limit_meta_analysis({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
