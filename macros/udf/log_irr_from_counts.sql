{# Log incidence rate ratio from events and person-time of two arms. Made by python -m python_udfs.fingerprint --write. #}
{% macro log_irr_from_counts(x1, t1, x2, t2, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ log_irr_from_counts({{ x1 }}, {{ t1 }}, {{ x2 }}, {{ t2 }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
