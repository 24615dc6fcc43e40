{# Hedges' g from the t of a covariate-adjusted difference. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_ancova_t(t, n1, n2, r, covariates, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_ancova_t({{ t }}, {{ n1 }}, {{ n2 }}, {{ r }}, {{ covariates }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
