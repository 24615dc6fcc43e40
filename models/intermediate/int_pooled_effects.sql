-- Grain: one row per analysis and policy, those of rates on the logit scale. Analyses without data
-- keep their row.
{% set memberships = {'pooled': 'is_member', 'left_out': 'is_member_as_reported'} %}
with

analyses as (
    select * from {{ ref('int_analyses') }}
),

fits as (
    select
        * exclude (effect_ids, yis, vis, fit),
        (fit.status = 'single_study' and ci_level = 0.95) as is_as_reported,
        unnest(fit)  -- noqa: AL03
    from {{ ref('int_pooled_fits') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

effects as (
    select * from {{ ref('int_member_effects') }}
),

found as (
    select distinct
        sheet,
        row_id
    from {{ ref('int_findings_of_rules') }}
    where is_marked
),

members as (
    select
        candidates.analysis_id,
        candidates.ci_low,
        candidates.ci_high,
        candidates.ci_low_cox,
        candidates.ci_high_cox,
        candidates.n_studies,
        candidates.n_participants,
        candidates.person_time,
        candidates.is_member,
        candidates.is_member_as_reported,
        candidates.conversion is not null as is_converted,
        len(effects.flag_list) > 0 as is_flagged,
        len(effects.adjudicated_fields) > 0 as is_adjudicated,
        found.row_id is not null as has_findings
    from {{ ref('int_analysis_candidates') }} as candidates
    inner join effects
        on
            candidates.source_sheet = effects.source_sheet
            and candidates.effect_id = effects.effect_id
    left join found
        on candidates.source_sheet = found.sheet and candidates.effect_id = found.row_id
    where candidates.is_member or candidates.is_member_as_reported
),

member_totals as (
    {%- for converted_effects, is_member in memberships.items() %}
    select
        analysis_id,
        '{{ converted_effects }}' as converted_effects,
        sum(n_studies) as n_studies,
        sum(n_participants) as n_participants,
        sum(person_time) as person_time,
        count(n_studies) as k_with_n_studies,
        count(n_participants) as k_with_n_participants,
        count(person_time) as k_with_person_time,
        count_if(is_flagged) as n_flagged_members,
        count_if(is_adjudicated) as n_adjudicated_members,
        cast(count_if(has_findings) as integer) as n_members_with_findings,
        cast(count_if(is_converted) as integer) as n_converted_members,
        any_value(ci_low) as only_ci_low,
        any_value(ci_high) as only_ci_high,
        any_value(ci_low_cox) as only_ci_low_cox,
        any_value(ci_high_cox) as only_ci_high_cox
    from members
    where {{ is_member }}
    group by analysis_id
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

readings as (
    select distinct row_id as effect_id
    from {{ ref('int_extraction_differences') }}
    where sheet = 'reported_effects' and found in ('y', 'resolved')
),

unresolved as (
    select distinct
        analysis_id,
        effect_id
    from {{ ref('int_unresolved_differences') }}
),

reading_totals as (
    {%- for converted_effects, is_member in memberships.items() %}
    select
        candidates.analysis_id,
        '{{ converted_effects }}' as converted_effects,
        count(readings.effect_id) as n_members_read_twice,
        count(unresolved.effect_id) as n_unresolved_members
    from {{ ref('int_analysis_candidates') }} as candidates
    left join readings on candidates.effect_id = readings.effect_id
    left join unresolved
        on
            candidates.analysis_id = unresolved.analysis_id
            and candidates.effect_id = unresolved.effect_id
    where candidates.{{ is_member }} and candidates.source_sheet = 'reported_effects'
    group by candidates.analysis_id
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- A single meta-analysis keeps the limits it reports, which are 95% limits.
flattened as (
    select
        analyses.*,
        policies.sort_order as policy_order,
        fits.* exclude (analysis_id, weights, ci_low, ci_high, is_as_reported),
        case
            when not fits.is_as_reported then fits.ci_low
            when fits.or_to_smd_rule = 'cox' then member_totals.only_ci_low_cox
            else member_totals.only_ci_low
        end as ci_low,
        case
            when not fits.is_as_reported then fits.ci_high
            when fits.or_to_smd_rule = 'cox' then member_totals.only_ci_high_cox
            else member_totals.only_ci_high
        end as ci_high,
        member_totals.* exclude (
            analysis_id, converted_effects, only_ci_low, only_ci_high, only_ci_low_cox,
            only_ci_high_cox
        ),
        reading_totals.* exclude (analysis_id, converted_effects)
    from analyses
    inner join fits on analyses.analysis_id = fits.analysis_id
    inner join policies on fits.policy_id = policies.policy_id
    left join member_totals
        on
            fits.analysis_id = member_totals.analysis_id
            and fits.converted_effects = member_totals.converted_effects
    left join reading_totals
        on
            fits.analysis_id = reading_totals.analysis_id
            and fits.converted_effects = reading_totals.converted_effects
),

final as (
    select
        sort_order,
        policy_order,
        analysis_id || ':' || policy_id as pooled_id,
        analysis_id,
        policy_id,
        label as analysis_label,
        analysis_group,
        {%- for column in analysis_filters() %}
        {{ column }},
        {%- endfor %}
        scale,
        shown_as,
        tau2_method,
        ci_method,
        pi_method,
        tau2_ci_method,
        ci_level,
        or_to_smd_rule,
        overlap_handling,
        default_correlation,
        status,
        k,
        cast(n_studies as bigint) as n_studies,
        cast(coalesce(k_with_n_studies, 0) as integer) as k_with_n_studies,
        cast(n_participants as bigint) as n_participants,
        cast(coalesce(k_with_n_participants, 0) as integer) as k_with_n_participants,
        person_time,
        cast(coalesce(k_with_person_time, 0) as integer) as k_with_person_time,
        if(
            {{ is_sized_by_time(
                'scale', 'coalesce(k_with_n_participants, 0)', 'coalesce(k_with_person_time, 0)'
            ) }},
            person_time_unit,
            null
        ) as person_time_unit,
        cast(coalesce(n_flagged_members, 0) as integer) as n_flagged_members,
        cast(coalesce(n_adjudicated_members, 0) as integer) as n_adjudicated_members,
        cast(coalesce(n_members_read_twice, 0) as integer) as n_members_read_twice,
        cast(coalesce(n_unresolved_members, 0) as integer) as n_unresolved_members,
        cast(k * (k - 1) // 2 as integer) as n_pairs,
        n_pairs_known,
        n_pairs_partly_known,
        n_pairs_sharing,
        mean_correlation,
        shrinkage,
        estimate,
        se,
        ci_low,
        ci_high,
        if(no_effect is null, null, statistic) as statistic,
        df,
        if(no_effect is null, null, p_value) as p_value,
        pi_low,
        pi_high,
        tau2,
        tau2_ci_low,
        tau2_ci_high,
        q,
        cast(q_df as integer) as q_df,
        q_p,
        i2_q,
        i2_q_ci_low,
        i2_q_ci_high,
        i2_tau2,
        i2_tau2_ci_low,
        i2_tau2_ci_high,
        {{ band_of('i2_q', ref('stg_protocol__i2_bands')) }} as i2_band,
        h2_q,
        h2_q_ci_low,
        h2_q_ci_high,
        h2_tau2,
        h2_tau2_ci_low,
        h2_tau2_ci_high,
        if(shown_as = 'exp', exp(estimate), null) as ratio,
        if(shown_as = 'exp', exp(ci_low), null) as ratio_ci_low,
        if(shown_as = 'exp', exp(ci_high), null) as ratio_ci_high,
        if(shown_as = 'exp', exp(pi_low), null) as ratio_pi_low,
        if(shown_as = 'exp', exp(pi_high), null) as ratio_pi_high,
        if(
            scale = 'smd', {{ band_of('abs(estimate)', ref('stg_protocol__cohen_bands')) }}, null
        ) as cohen_band,
        if(no_effect is null, null, {{ side('ci_low', 'ci_high') }}) as side,
        {{ favours('side', 'above_favours') }} as favours,
        {{ band_of('k', ref('stg_protocol__pool_size_bands')) }} as pool_size,
        {{ has_verdict('k') }} as has_verdict,
        coalesce(n_members_with_findings, 0) as n_members_with_findings,
        cast(coalesce(n_converted_members, 0) as integer) as n_converted_members
    from flattened
)

select * exclude (sort_order, policy_order)
from final
order by sort_order, policy_order
