-- Grain: one row per trial whose larger number of events may be that of both arms together: less
-- the events of the other arm, its odds ratio is that of the other trials of source and outcome.
{% set ends = [
    ('typed', 'events_intervention', 'events_control'), ('less', 'less_one', 'less_other'),
] %}
with

arms as (
    select
        *,
        events_intervention > events_control as is_studied_larger,
        events_intervention - if(is_studied_larger, events_control, 0) as less_one,
        events_control - if(is_studied_larger, 0, events_intervention) as less_other
    from {{ ref('stg_extraction__primary_studies') }}
    where
        events_intervention <= total_intervention
        and events_control <= total_control
        and {{ least_of(['events_intervention', 'events_control']) }} >= 5
        and events_intervention != events_control
),

ratios as (
    select
        {%- for name, one, other in ends %}
        ln(({{ one }} + 0.5) / (total_intervention - {{ one }} + 0.5))
        - ln(({{ other }} + 0.5) / (total_control - {{ other }} + 0.5)) as {{ name }},
        sqrt(
            1 / ({{ one }} + 0.5) + 1 / (total_intervention - {{ one }} + 0.5)
            + 1 / ({{ other }} + 0.5) + 1 / (total_control - {{ other }} + 0.5)
        ) as {{ name }}_se,
        {%- endfor %}
        arms.*
    from arms
),

beside_the_others as (
    select
        *,
        count(*) over others as n_others,
        median(typed) over others as middle
    from ratios
    window others as (
        partition by source, outcome
        rows between unbounded preceding and unbounded following exclude current row
    )
),

final as (
    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        'events_of_both_arms' as rule,
        if(is_studied_larger, 'events_intervention', 'events_control') as columns,
        events_intervention || '/' || total_intervention || ' against ' || events_control || '/'
        || total_control as printed,
        cast(if(is_studied_larger, less_one, less_other) as double) as implied_low,
        cast(if(is_studied_larger, less_one, less_other) as double) as implied_high,
        'less the events of the other arm, its odds ratio is that of the ' || n_others
        || ' other trials of its source' as why,
        'the events of both arms are typed in one' as candidate
    from beside_the_others
    where
        n_others >= 3
        and abs(typed - middle) > 1.5 * typed_se
        and abs(less - middle) < {{ least_of(['less_se', 'abs(typed - middle) / 3']) }}
)

select * from final
