{# Mean change of one group. Made by python -m python_udfs.fingerprint --write. #}
{% macro md_pre_post(m_pre, sd_pre, m_post, sd_post, n, r) -%}
/* kernels {{ kernel_fingerprint() }} */ md_pre_post({{ m_pre }}, {{ sd_pre }}, {{ m_post }}, {{ sd_post }}, {{ n }}, {{ r }})
{%- endmacro %}
