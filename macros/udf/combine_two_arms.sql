{# Two arms as one group: size, mean and standard deviation. Made by python -m python_udfs.fingerprint --write. #}
{% macro combine_two_arms(n1, m1, sd1, n2, m2, sd2) -%}
/* kernels {{ kernel_fingerprint() }} */ combine_two_arms({{ n1 }}, {{ m1 }}, {{ sd1 }}, {{ n2 }}, {{ m2 }}, {{ sd2 }})
{%- endmacro %}
