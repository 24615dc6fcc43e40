{# Mean difference; also of mean changes with their standard deviations. Made by python -m python_udfs.fingerprint --write. #}
{% macro md_from_means(m1, sd1, n1, m2, sd2, n2, variances) -%}
/* kernels {{ kernel_fingerprint() }} */ md_from_means({{ m1 }}, {{ sd1 }}, {{ n1 }}, {{ m2 }}, {{ sd2 }}, {{ n2 }}, {{ variances }})
{%- endmacro %}
