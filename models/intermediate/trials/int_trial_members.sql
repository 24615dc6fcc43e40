-- Grain: one row per set of trials, rule and trial that enters: its one effect. The only caller of
-- the aggregation kernel.
with

candidates as (
    select * from {{ ref('int_trial_candidates') }}
    where is_member
),

rules as (
    select * from {{ ref('stg_protocol__trial_rules') }}
),

gathered as (
    select
        candidates.trial_set_id,
        candidates.rule_id,
        candidates.set_scale,
        candidates.unit_id,
        any_value(candidates.trial order by candidates.row_number) as trial,
        min(candidates.row_number) as first_row,
        list(candidates.comparison_id order by candidates.row_number) as comparison_ids,
        list(candidates.yi order by candidates.row_number) as yis,
        list(candidates.vi order by candidates.row_number) as vis,
        bool_and(candidates.multiple_effects is not distinct from 'groups') as are_groups,
        max(candidates.n_participants) as largest_n_participants,
        sum(candidates.n_participants) as sum_n_participants,
        max(candidates.person_time) as largest_person_time,
        sum(candidates.person_time) as sum_person_time,
        max(candidates.n_cases) as largest_n_cases,
        sum(candidates.n_cases) as sum_n_cases,
        any_value(candidates.n_intervention) as n_intervention,
        any_value(candidates.n_control) as n_control,
        any_value(candidates.correction) as correction,
        -- A trial is as safe as its worst judged row.
        max_by(candidates.risk_of_bias, case candidates.risk_of_bias
            when 'low' then 1 when 'some_concerns' then 2 when 'unclear' then 3 when 'high' then 4
        end) as risk_of_bias
    from candidates
    group by candidates.trial_set_id, candidates.rule_id, candidates.set_scale, candidates.unit_id
),

aggregated as (
    select
        gathered.*,
        len(gathered.yis) as n_rows,
        aggregate_effects(
            gathered.yis,
            gathered.vis,
            if(gathered.are_groups, 0, rules.rho),
            {'weighting': if(gathered.are_groups, 'gls', coalesce(rules.weighting, 'equal'))}
        ) as effect
    from gathered
    inner join rules on gathered.rule_id = rules.rule_id
),

final as (
    select
        trial_set_id,
        rule_id,
        set_scale,
        unit_id,
        trial,
        first_row,
        comparison_ids,
        n_rows,
        effect.yi as yi,
        effect.vi as vi,
        effect.status as status,
        case
            when n_rows = 1 then 'a single row'
            when are_groups then 'groups of other people, pooled by inverse variance'
            else 'correlated effects of the same people, aggregated'
        end as aggregation,
        -- Outcomes count the same people, groups count others.
        if(are_groups, sum_n_participants, largest_n_participants) as n_participants,
        if(are_groups, sum_person_time, largest_person_time) as person_time,
        if(are_groups, sum_n_cases, largest_n_cases) as n_cases,
        risk_of_bias,
        -- For tests of significance: d with 1/n1 + 1/n2 and its t test where the trial is one row
        -- with both numbers, the pooled numbers themselves otherwise.
        set_scale = 'smd' and n_rows = 1 and correction != 'none'
        and n_intervention + n_control > 3 as has_t_test,
        n_intervention + n_control - 2 as t_df,
        1 / n_intervention + 1 / n_control as vi_without_effect
    from aggregated
)

select
    * exclude (has_t_test, t_df, vi_without_effect),
    if(
        has_t_test,
        yi / exp(lgamma(t_df / 2) - lgamma((t_df - 1) / 2) - 0.5 * ln(t_df / 2)),
        yi
    ) as yi_test,
    if(has_t_test, vi_without_effect, vi) as vi_test,
    if(has_t_test, t_df, 1e12) as df_test
from final
