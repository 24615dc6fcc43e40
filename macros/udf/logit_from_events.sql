{# Logit of a proportion; 0.5 is added only when events are 0 or all. Made by python -m python_udfs.fingerprint --write. #}
{% macro logit_from_events(events, total) -%}
/* kernels {{ kernel_fingerprint() }} */ logit_from_events({{ events }}, {{ total }})
{%- endmacro %}
