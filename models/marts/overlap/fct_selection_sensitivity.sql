-- Grain: one row per headline analysis, selection rule and policy (seed_paper and recommended):
-- what is pooled, and how far the result is from that of the analysis's own rule.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

fits as (
    select * from {{ ref('int_selection_fits') }}
),

rules as (
    select * from {{ ref('stg_protocol__selection_rules') }}
),

selections as (
    select
        analysis_id,
        selection_rule,
        count(*) as n_eligible,
        count_if(not has_trial_list) as n_without_complete_list,
        count_if(is_selected and not has_trial_list) as n_taken_without_list,
        any_value(array_to_string(tied_with, '; ')) as tied_with,
        any_value(tie_broken_by) as tie_broken_by
    from {{ ref('int_selected_members') }}
    where converted_effects = 'pooled'
    group by analysis_id, selection_rule
),

-- A single meta-analysis keeps the limits it reports, which are 95% limits.
joined as (
    select
        fits.analysis_id,
        fits.selection_rule,
        fits.policy_id,
        analyses.label as analysis_label,
        analyses.condition,
        analyses.sort_order,
        analyses.selection_rule as own_rule,
        rules.sort_order as rule_order,
        rules.needs,
        rules.takes,
        fits.meta_analysis_ids,
        fits.fit.k as k,
        fits.fit.status as fit_status,
        fits.fit.estimate as estimate,
        if(fits.fit.status = 'single_study', fits.only_ci_low, fits.fit.ci_low) as ci_low,
        if(fits.fit.status = 'single_study', fits.only_ci_high, fits.fit.ci_high) as ci_high,
        fits.fit.tau2 as tau2,
        coalesce(selections.n_eligible, 0) as n_eligible,
        coalesce(selections.n_without_complete_list, 0) as n_without_complete_list,
        coalesce(selections.n_taken_without_list, 0) as n_taken_without_list,
        selections.tied_with,
        selections.tie_broken_by
    from fits
    inner join analyses on fits.analysis_id = analyses.analysis_id
    inner join rules on fits.selection_rule = rules.selection_rule
    left join selections
        on
            fits.analysis_id = selections.analysis_id
            and fits.selection_rule = selections.selection_rule
),

own as (
    select
        analysis_id,
        policy_id,
        estimate
    from joined
    where selection_rule = own_rule
),

final as (
    select
        joined.sort_order,
        joined.rule_order,
        concat_ws(':', joined.analysis_id, joined.selection_rule, joined.policy_id)
            as sensitivity_id,
        joined.analysis_id,
        joined.analysis_label,
        joined.condition,
        joined.selection_rule,
        joined.policy_id,
        joined.selection_rule = joined.own_rule as is_own_rule,
        case
            when joined.k > 0 then joined.fit_status
            when joined.n_eligible = 0 then 'no_data'
            when joined.needs is not null then 'criterion_unknown'
            when joined.takes = 'non_overlapping' then 'no_complete_lists'
            else joined.fit_status
        end as status,
        cast(joined.n_eligible as integer) as n_eligible,
        joined.k,
        array_to_string(joined.meta_analysis_ids, '; ') as meta_analysis_ids,
        joined.tied_with,
        joined.tie_broken_by,
        cast(joined.n_without_complete_list as integer) as n_without_complete_list,
        cast(joined.n_taken_without_list as integer) as n_taken_without_list,
        joined.estimate,
        joined.ci_low,
        joined.ci_high,
        joined.tau2,
        joined.estimate - own.estimate as difference_from_own_rule,
        {{ side('joined.ci_low', 'joined.ci_high') }} as side
    from joined
    left join own
        on joined.analysis_id = own.analysis_id and joined.policy_id = own.policy_id
)

select * exclude (sort_order, rule_order)
from final
order by sort_order, rule_order, policy_id desc
