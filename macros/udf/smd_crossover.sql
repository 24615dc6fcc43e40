{# Standardised mean difference of a crossover trial, paired analysis. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_crossover(m1, sd1, m2, sd2, n, r, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_crossover({{ m1 }}, {{ sd1 }}, {{ m2 }}, {{ sd2 }}, {{ n }}, {{ r }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
