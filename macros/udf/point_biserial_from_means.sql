{# Point-biserial correlation from means and standard deviations. Made by python -m python_udfs.fingerprint --write. #}
{% macro point_biserial_from_means(m1, sd1, n1, m2, sd2, n2, variance_form) -%}
/* kernels {{ kernel_fingerprint() }} */ point_biserial_from_means({{ m1 }}, {{ sd1 }}, {{ n1 }}, {{ m2 }}, {{ sd2 }}, {{ n2 }}, {{ variance_form }})
{%- endmacro %}
