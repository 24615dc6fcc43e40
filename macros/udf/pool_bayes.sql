{# Bayesian random-effects meta-analysis by deterministic quadrature. Made by python -m python_udfs.fingerprint --write. #}
{% macro pool_bayes(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pool_bayes({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
