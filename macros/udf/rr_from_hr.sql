{# Risk ratio from a hazard ratio, for an outcome that is common. Made by python -m python_udfs.fingerprint --write. #}
{% macro rr_from_hr(hazard_ratio, ci_low, ci_high, ci_level) -%}
/* kernels {{ kernel_fingerprint() }} */ rr_from_hr({{ hazard_ratio }}, {{ ci_low }}, {{ ci_high }}, {{ ci_level }})
{%- endmacro %}
