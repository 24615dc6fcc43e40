{# Hedges' g from covariate-adjusted means, in the unadjusted SD. Made by python -m python_udfs.fingerprint --write. #}
{% macro smd_from_ancova_means(m1, sd1, n1, m2, sd2, n2, r, covariates, sd_kind, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ smd_from_ancova_means({{ m1 }}, {{ sd1 }}, {{ n1 }}, {{ m2 }}, {{ sd2 }}, {{ n2 }}, {{ r }}, {{ covariates }}, {{ sd_kind }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
