-- Grain: one row per scheme of classes under which printed classes can be compared: how many of
-- them the numbers of their rows give.
with

compared as (
    select * from {{ ref('fct_printed_classes') }}
),

final as (
    select
        scheme,
        cast(count(*) as integer) as n_printed,
        {%- for verdict in [
            'agrees', 'agrees_if_unprinted_is_met', 'agrees_within_rounding',
            'agrees_with_other_criteria', 'differs', 'not_read', 'no_result',
        ] %}
        cast(count_if(verdict = '{{ verdict }}') as integer) as n_{{ verdict }},
        {%- endfor %}
        100 * avg(cast(verdict = 'agrees' as integer)) as agrees_percent
    from compared
    group by scheme
)

select * from final
order by n_agrees desc, scheme
