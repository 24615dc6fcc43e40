{# Peters's regression test for small-study effects in odds ratios: predictor 1 / N. Made by python -m python_udfs.fingerprint --write. #}
{% macro peters_test(ai, n1, ci, n2, options=none) -%}
/* kernels {{ kernel_fingerprint() }} */ peters_test({{ ai }}, {{ n1 }}, {{ ci }}, {{ n2 }}{% if options is not none %}, {{ options }}{% endif %})
{%- endmacro %}
