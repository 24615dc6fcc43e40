{# Log ratio of means; both must have the same sign. Made by python -m python_udfs.fingerprint --write. #}
{% macro rom_from_means(m1, sd1, n1, m2, sd2, n2, variances) -%}
/* kernels {{ kernel_fingerprint() }} */ rom_from_means({{ m1 }}, {{ sd1 }}, {{ n1 }}, {{ m2 }}, {{ sd2 }}, {{ n2 }}, {{ variances }})
{%- endmacro %}
