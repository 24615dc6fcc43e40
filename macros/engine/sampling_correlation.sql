{% macro sampling_correlation(effect_id, other_effect_id, known, default_correlation) -%}
    case
        when {{ effect_id }} = {{ other_effect_id }} then 1.0
        when {{ known }}.correlation_source in ('trial_weights', 'shared_counts')
            then {{ known }}.correlation
        else greatest(
            coalesce({{ known }}.correlation, 0.0),
            coalesce({{ default_correlation }}, 0.0)
        )
    end
{%- endmacro %}
