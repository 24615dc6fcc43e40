-- Grain: one row per outcome whose trials have person-time: what sums of it are in. Years, where
-- any trial of the outcome names what its time is counted in; what another has, without a name, is
-- in no sum then. Where none names it, as typed: a ratio needs no unit.
select
    outcome,
    if(count(time_unit) > 0, {{ years_in_words() }}, 'person-time') as person_time_unit
from {{ ref('stg_extraction__primary_studies') }}
where coalesce(time_total, time_intervention, time_control) is not null
group by outcome
