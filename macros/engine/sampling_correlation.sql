{% macro sampling_correlation(known, default_correlation) -%}
    if(
        {{ known }}.correlation_source in ('trial_weights', 'shared_counts'),
        {{ known }}.correlation,
        {{ greatest_of([known ~ '.correlation', default_correlation]) }}
    )
{%- endmacro %}
