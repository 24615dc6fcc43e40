-- Grain: one row per outcome of the vocabulary, with what its sheet leaves open filled in.
with

outcomes as (
    select
        *,
        {{ within_sentence('label') }} as label_within
    from {{ ref('stg_vocabulary__outcomes') }}
),

-- Where the sheet does not say which way is good, the role does, or the rows, if all of them agree.
directions as (
    select
        effects.outcome,
        bool_and(effects.favourable_direction in ('positive', 'above_one')) as is_more_better,
        bool_and(effects.favourable_direction in ('negative', 'below_one')) as is_more_worse
    from {{ ref('int_adjudicated_effects') }} as effects
    inner join {{ ref('int_measures') }} as measures on effects.measure = measures.measure
    where
        measures.own_scale != 'smd'
        and effects.favourable_direction is not null
        and effects.favourable_direction != 'unclear'
    group by effects.outcome
)

select
    outcomes.code as outcome,
    outcomes.label,
    outcomes.role,
    outcomes.quantity,
    outcomes.unit,
    coalesce(outcomes.noun, outcomes.label_within) as noun,
    case
        when outcomes.polarity is not null then outcomes.polarity
        when outcomes.role in ('symptom', 'dropout') then 'more_is_worse'
        when outcomes.role in ('response', 'remission', 'adherence', 'completion', 'satisfaction')
            then 'more_is_better'
        when outcomes.role = 'unclear' then null
        when directions.is_more_better then 'more_is_better'
        when directions.is_more_worse then 'more_is_worse'
    end as polarity,
    case
        when outcomes.polarity is not null then 'sheet'
        when outcomes.role = 'unclear' then null
        when outcomes.role is not null then 'role'
        when directions.is_more_better or directions.is_more_worse then 'rows'
    end as polarity_source
from outcomes
left join directions on outcomes.code = directions.outcome
