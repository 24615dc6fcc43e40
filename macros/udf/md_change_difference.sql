{# Difference of the mean changes of two arms. Made by python -m python_udfs.fingerprint --write. #}
{% macro md_change_difference(m_pre1, sd_pre1, m_post1, sd_post1, n1, r1, m_pre2, sd_pre2, m_post2, sd_post2, n2, r2) -%}
/* kernels {{ kernel_fingerprint() }} */ md_change_difference({{ m_pre1 }}, {{ sd_pre1 }}, {{ m_post1 }}, {{ sd_post1 }}, {{ n1 }}, {{ r1 }}, {{ m_pre2 }}, {{ sd_pre2 }}, {{ m_post2 }}, {{ sd_post2 }}, {{ n2 }}, {{ r2 }})
{%- endmacro %}
