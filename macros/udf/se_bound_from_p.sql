{# Bound of the standard error from a p that is printed as a bound. Made by python -m python_udfs.fingerprint --write. #}
{% macro se_bound_from_p(yi, p_value, p_operator) -%}
/* kernels {{ kernel_fingerprint() }} */ se_bound_from_p({{ yi }}, {{ p_value }}, {{ p_operator }})
{%- endmacro %}
