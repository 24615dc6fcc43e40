{# Standardised mean difference of groups whose variances differ (SMDH). Made by python -m python_udfs.fingerprint --write. #}
{% macro smdh_from_means(m1, sd1, n1, m2, sd2, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smdh_from_means({{ m1 }}, {{ sd1 }}, {{ n1 }}, {{ m2 }}, {{ sd2 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
