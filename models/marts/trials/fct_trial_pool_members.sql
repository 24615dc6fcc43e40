-- Grain: one row per rule and trial comparison: the effect on the scale of its set, and whether it
-- enters the pool of its set, or why not.
with

candidates as (
    select * from {{ ref('int_trial_candidates') }}
),

trials as (
    select * from {{ ref('int_trial_members') }}
),

final as (
    select
        candidates.rule_id || ':' || candidates.comparison_id as member_id,
        candidates.trial_set_id,
        candidates.rule_id,
        candidates.comparison_id,
        candidates.row_number as sheet_row,
        candidates.meta_analysis_id,
        candidates.trial_id,
        candidates.unit_id,
        candidates.trial,
        candidates.is_member,
        candidates.exclusion_reason,
        candidates.set_scale as scale,
        candidates.yi,
        candidates.vi,
        candidates.conversion_path,
        candidates.assumption,
        candidates.reported_minus_computed,
        candidates.n_participants,
        candidates.risk_of_bias,
        if(candidates.is_member, trials.aggregation, null) as aggregation,
        if(candidates.is_member, cast(trials.n_rows as integer), null) as n_rows_of_trial,
        if(candidates.is_member, trials.yi, null) as trial_yi,
        if(candidates.is_member, trials.vi, null) as trial_vi,
        if(candidates.is_member, trials.status, null) as trial_status
    from candidates
    left join trials
        on
            candidates.trial_set_id = trials.trial_set_id
            and candidates.rule_id = trials.rule_id
            and candidates.unit_id = trials.unit_id
)

select * from final
order by trial_set_id, rule_id, sheet_row
