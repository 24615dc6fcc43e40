{# The counts behind a printed odds ratio, if its margins leave only one table. Made by python -m python_udfs.fingerprint --write. #}
{% macro counts_from_or(odds_ratio, decimals, n1, n2, events) -%}
/* kernels {{ kernel_fingerprint() }} */ counts_from_or({{ odds_ratio }}, {{ decimals }}, {{ n1 }}, {{ n2 }}, {{ events }})
{%- endmacro %}
