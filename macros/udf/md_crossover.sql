{# Mean difference of a crossover trial, paired analysis. Made by python -m python_udfs.fingerprint --write. #}
{% macro md_crossover(m1, sd1, m2, sd2, n, r) -%}
/* kernels {{ kernel_fingerprint() }} */ md_crossover({{ m1 }}, {{ sd1 }}, {{ m2 }}, {{ sd2 }}, {{ n }}, {{ r }})
{%- endmacro %}
