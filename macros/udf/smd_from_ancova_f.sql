{# Hedges' g from the F of a covariate-adjusted difference. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_ancova_f(f, sign, n1, n2, r, covariates, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_ancova_f({{ f }}, {{ sign }}, {{ n1 }}, {{ n2 }}, {{ r }}, {{ covariates }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
