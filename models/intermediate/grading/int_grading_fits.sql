-- Grain: one row per analysis and graded policy: small-study tests with meta-analyses as units. The
-- one place that calls these kernels for grading.
with

inputs as (
    select
        analysis_id,
        policy_id,
        tau2_method,
        effect_ids,
        yis,
        vis
    from {{ ref('int_pool_inputs') }}
    where policy_id in ('seed_paper', 'recommended')
),

undecided as (
    select effect_id
    from {{ ref('int_effect_rounding') }}
    where z_min < {{ z_975() }} and z_max >= {{ z_975() }}
),

members as (
    select
        analysis_id,
        policy_id,
        unnest(effect_ids) as effect_id,
        unnest(yis) as yi,
        unnest(vis) as vi,
        analysis_id in (
            select analysis_id
            from {{ ref('stg_protocol__analyses') }}
            where unit != 'trial' and not {{ is_of_rates('scale') }}
        ) as is_of_effects
    from inputs
),

-- Members whose printed numbers leave open whether they are significant: the estimate at which they
-- are just so, and just not.
turned as (
    select
        members.analysis_id,
        members.policy_id,
        list(
            if(
                undecided.effect_id is null,
                members.yi,
                sign(members.yi) * {{ z_975() }} * (1 + 1e-9) * sqrt(members.vi)
            )
            order by members.effect_id
        ) as yis_significant,
        list(
            if(
                undecided.effect_id is null,
                members.yi,
                sign(members.yi) * {{ z_975() }} * (1 - 1e-9) * sqrt(members.vi)
            )
            order by members.effect_id
        ) as yis_not_significant
    from members
    left join undecided
        on members.is_of_effects and members.effect_id = undecided.effect_id
    group by members.analysis_id, members.policy_id
),

tested as (
    select
        inputs.analysis_id,
        inputs.policy_id,
        egger_test(inputs.yis, inputs.vis) as egger,
        excess_significance(inputs.yis, inputs.vis, {'tau2_method': inputs.tau2_method})
            as excess,
        excess_significance(
            turned.yis_significant, inputs.vis, {'tau2_method': inputs.tau2_method}
        ) as excess_most,
        excess_significance(
            turned.yis_not_significant, inputs.vis, {'tau2_method': inputs.tau2_method}
        ) as excess_fewest
    from inputs
    left join turned
        on inputs.analysis_id = turned.analysis_id and inputs.policy_id = turned.policy_id
),

final as (
    select
        *,
        {{ tess_psst_either_side('excess') }} as tess_psst_either_side,
        {{ tess_psst_either_side('excess_most') }} as tess_psst_most,
        {{ tess_psst_either_side('excess_fewest') }} as tess_psst_fewest
    from tested
)

select * from final
