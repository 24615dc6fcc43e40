{# How far correlations must be shrunk for a matrix to be safely positive definite. Made by python -m python_udfs.fingerprint --write. #}
{% macro correlation_shrinkage(correlation, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ correlation_shrinkage({{ correlation }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
