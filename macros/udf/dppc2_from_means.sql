{# Standardised difference of changes of two arms (d_ppc2). Made by python -m python_udfs.fingerprint --write. #}
{% macro dppc2_from_means(m_pre1, sd_pre1, m_post1, n1, m_pre2, sd_pre2, m_post2, n2, r, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ dppc2_from_means({{ m_pre1 }}, {{ sd_pre1 }}, {{ m_post1 }}, {{ n1 }}, {{ m_pre2 }}, {{ sd_pre2 }}, {{ m_post2 }}, {{ n2 }}, {{ r }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
