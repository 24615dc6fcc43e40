{# Difference of two standardised mean changes, each by its arm's SD before. Made by python -m python_udfs.fingerprint --write. #}
{% macro smcr_difference(m_pre1, sd_pre1, m_post1, n1, r1, m_pre2, sd_pre2, m_post2, n2, r2, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smcr_difference({{ m_pre1 }}, {{ sd_pre1 }}, {{ m_post1 }}, {{ n1 }}, {{ r1 }}, {{ m_pre2 }}, {{ sd_pre2 }}, {{ m_post2 }}, {{ n2 }}, {{ r2 }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
