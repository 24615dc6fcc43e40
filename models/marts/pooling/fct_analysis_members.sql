-- Grain: one row per analysis, policy and candidate row, member or not; the weight says how much a
-- member counts, the exclusion reason why a candidate is not a member.
with

candidates as (
    select * from {{ ref('int_analysis_candidates') }}
),

fits as (
    select * from {{ ref('int_pooled_fits') }}
),

analyses as (
    select
        analysis_id,
        {{ converting_risk() }} as baseline_risk
    from {{ ref('stg_protocol__analyses') }} as analyses
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

memberships as (
    select
        candidates.* exclude (
            is_member, exclusion_reason, is_member_as_reported, exclusion_reason_as_reported
        ),
        policies.policy_id,
        policies.or_to_smd_rule,
        {{ is_member_by('policies', 'candidates') }} as is_member,
        if(
            {{ leaves_out_converted('policies') }},
            candidates.exclusion_reason_as_reported,
            candidates.exclusion_reason
        ) as exclusion_reason
    from candidates
    cross join policies
),

weights as (
    select
        analysis_id,
        policy_id,
        unnest(effect_ids) as effect_id,
        unnest(fit.weights) as weight
    from fits
),

unresolved as (
    select
        analysis_id,
        effect_id,
        string_agg(field, ', ' order by field) as unresolved_fields
    from {{ ref('int_unresolved_differences') }}
    group by analysis_id, effect_id
),

findings as (
    select
        sheet,
        row_id,
        string_agg(distinct rule_label, '; ' order by rule_label) as findings
    from {{ ref('int_findings_of_rules') }}
    where is_marked
    group by sheet, row_id
),

final as (
    select
        candidates.analysis_id || ':' || candidates.policy_id || ':' || candidates.effect_id
            as member_id,
        candidates.analysis_id,
        candidates.policy_id,
        candidates.source_sheet,
        candidates.effect_id,
        candidates.meta_analysis_id,
        candidates.is_member,
        candidates.exclusion_reason,
        candidates.is_main_pool,
        candidates.is_tied,
        candidates.n_studies,
        candidates.n_participants,
        candidates.person_time,
        if(candidates.or_to_smd_rule = 'cox', candidates.yi_cox, candidates.yi) as yi,
        if(candidates.or_to_smd_rule = 'cox', candidates.vi_cox, candidates.vi) as vi,
        if(candidates.or_to_smd_rule = 'cox', candidates.ci_low_cox, candidates.ci_low) as ci_low,
        if(candidates.or_to_smd_rule = 'cox', candidates.ci_high_cox, candidates.ci_high)
            as ci_high,
        candidates.conversion,
        conversions.assumption as conversion_assumption,
        -- Ratios become one another through a risk.
        if(
            conversions.from_scale != 'smd' and conversions.to_scale != 'smd',
            analyses.baseline_risk,
            null
        ) as baseline_risk,
        weights.weight,
        unresolved.effect_id is not null as is_unresolved,
        unresolved.unresolved_fields,
        findings.findings
    from memberships as candidates
    inner join analyses on candidates.analysis_id = analyses.analysis_id
    left join {{ ref('stg_protocol__conversions') }} as conversions
        on candidates.conversion = conversions.conversion
    left join weights
        on
            candidates.analysis_id = weights.analysis_id
            and candidates.policy_id = weights.policy_id
            and candidates.effect_id = weights.effect_id
    left join unresolved
        on
            candidates.is_member
            and candidates.analysis_id = unresolved.analysis_id
            and candidates.effect_id = unresolved.effect_id
    left join findings
        on
            candidates.source_sheet = findings.sheet
            and candidates.effect_id = findings.row_id
)

select * from final
order by analysis_id, policy_id, is_member desc, effect_id
