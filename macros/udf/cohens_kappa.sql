{# Cohen's kappa: agreement of two raters on codes beyond chance. Made by python -m python_udfs.fingerprint --write. #}
{% macro cohens_kappa(first, second, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ cohens_kappa({{ first }}, {{ second }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
