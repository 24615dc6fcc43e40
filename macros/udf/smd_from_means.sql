{# Hedges' g (group 1 minus group 2) from means and standard deviations. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_means(m1, sd1, n1, m2, sd2, n2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_means({{ m1 }}, {{ sd1 }}, {{ n1 }}, {{ m2 }}, {{ sd2 }}, {{ n2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
