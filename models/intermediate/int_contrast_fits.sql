-- Grain: one row per contrast and policy: the test between its groups.
with

contrasts as (
    select * from {{ ref('stg_protocol__contrasts') }}
),

fits as (
    select * from {{ ref('int_pooled_fits') }}
),

members as (
    select distinct
        policies.policy_id,
        candidates.analysis_id,
        candidates.cluster_id
    from {{ ref('stg_protocol__policies') }} as policies
    inner join {{ ref('int_analysis_candidates') }} as candidates
        on {{ is_member_by('policies', 'candidates') }}
),

groups_of_members as (
    select
        contrasts.contrast_id,
        members.policy_id,
        members.cluster_id,
        count(*) as n_groups
    from contrasts
    inner join members on contrasts.analysis_id = members.analysis_id
    group by contrasts.contrast_id, members.policy_id, members.cluster_id
),

-- Meta-analyses that stand in more than one group: the test treats the groups as independent.
shared as (
    select
        contrast_id,
        policy_id,
        count(*) filter (n_groups > 1) as n_shared_meta_analyses
    from groups_of_members
    group by contrast_id, policy_id
),

grouped as (
    select
        contrasts.contrast_id,
        contrasts.contrast_label,
        fits.policy_id,
        count(*) as n_groups_declared,
        list(
            {
                'analysis_id': contrasts.analysis_id,
                'group_label': contrasts.group_label,
                'k': fits.fit.k,
                'estimate': if(fits.fit.se > 0, fits.fit.estimate, null),
                'ci_low': fits.fit.ci_low,
                'ci_high': fits.fit.ci_high
            }
            order by contrasts.sort_order
        ) as groups,
        list(fits.fit.estimate order by contrasts.sort_order) as estimates,
        min(fits.fit.k) filter (fits.fit.k > 0) as smallest_k,
        -- Equal estimates under plain Hartung-Knapp have no standard error to weigh them by.
        list(nullif(fits.fit.se, 0) order by contrasts.sort_order) as ses
    from contrasts
    inner join fits on contrasts.analysis_id = fits.analysis_id
    group by contrasts.contrast_id, contrasts.contrast_label, fits.policy_id
),

final as (
    select
        grouped.*,
        coalesce(shared.n_shared_meta_analyses, 0) as n_shared_meta_analyses,
        subgroup_difference(estimates, ses) as test
    from grouped
    left join shared
        on
            grouped.contrast_id = shared.contrast_id
            and grouped.policy_id = shared.policy_id
)

select * from final
