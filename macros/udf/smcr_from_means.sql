{# Standardised mean change of one group, by the SD before. Made by python -m python_udfs.fingerprint --write. #}
{% macro smcr_from_means(m_pre, sd_pre, m_post, n, r, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smcr_from_means({{ m_pre }}, {{ sd_pre }}, {{ m_post }}, {{ n }}, {{ r }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
