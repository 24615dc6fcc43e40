{# Meta-analysis of effects with a known sampling covariance matrix. Made by python -m python_udfs.fingerprint --write. #}
{% macro pool_gls(yi, covariance, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pool_gls({{ yi }}, {{ covariance }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
