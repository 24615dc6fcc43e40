{% macro is_graded_by(outcome_kind, scheme) -%}
    (
        {{ outcome_kind }} is distinct from 'share'
        or {{ scheme }} in (
            select of_rates.scheme
            from {{ ref('stg_protocol__grading_schemes') }} as of_rates
            where of_rates.grades_rates = 'y'
        )
    )
{%- endmacro %}
