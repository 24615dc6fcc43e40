{# Standardised mean change of one group, by the SD of change. Made by python -m python_udfs.fingerprint --write. #}
{% macro smcc_from_means(m_pre, sd_pre, m_post, sd_post, n, r, variance_form, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smcc_from_means({{ m_pre }}, {{ sd_pre }}, {{ m_post }}, {{ sd_post }}, {{ n }}, {{ r }}, {{ variance_form }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
