{# TESS and PSST with significance counted on either side, as metaumbrella does. Made by python -m python_udfs.fingerprint --write. #}
{% macro tess_psst(yi, vi, df, tau2) -%}
/* kernels {{ kernel_fingerprint() }} */ tess_psst({{ yi }}, {{ vi }}, {{ df }}, {{ tau2 }})
{%- endmacro %}
