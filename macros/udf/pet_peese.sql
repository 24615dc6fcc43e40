{# Precision-effect estimates PET and PEESE, and the one the conditional rule takes. Made by python -m python_udfs.fingerprint --write. #}
{% macro pet_peese(yi, vi, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ pet_peese({{ yi }}, {{ vi }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
