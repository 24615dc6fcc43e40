-- Grain: one row per analysis or extracted effect that a test of a published conclusion names, and
-- source: printed by the review, or ours under the conventional method.
--
-- Assumptions: a rate has a normal interval on its scale. Nuance: an analysis with a member
-- known from the published review only tests nothing, and a printed interval that contradicts its
-- estimate gives no standard error.
with

named as (
    select distinct unnest([operand_a, operand_b, operand_c, operand_d]) as operand
    from {{ ref('stg_published__conclusion_tests') }}
),

analyses as (
    select * from {{ ref('dim_analyses') }}
),

circular as (
    select analysis_id
    from {{ ref('fct_recomputations') }}
    where recomputed_status = 'circular'
),

printed as (
    select
        analyses.analysis_id as operand,
        'printed' as source,
        analyses.label,
        claims.claim_printed as shown,
        claims.estimate_scaled as estimate,
        if(claims.interval_fault is null, claims.se, null) as se,
        if(claims.is_in_order, claims.ci_low_scaled, null) as ci_low,
        if(claims.is_in_order, claims.ci_high_scaled, null) as ci_high,
        published.k_meta_analyses as k
    from analyses
    inner join {{ ref('int_published_claim_ranges') }} as claims
        on analyses.claim_id = claims.claim_id
    inner join {{ ref('stg_published__claims') }} as published
        on analyses.claim_id = published.claim_id
),

pools as (
    select
        analysis_id as operand,
        analysis_label as label,
        {{ display_scale('estimate', 'shown_as') }} as shown_estimate,
        {{ display_scale('ci_low', 'shown_as') }} as shown_low,
        {{ display_scale('ci_high', 'shown_as') }} as shown_high,
        estimate,
        se,
        ci_low,
        ci_high,
        k,
        pooled.scale
    from {{ ref('fct_pooled_effects') }} as pooled
    where policy_id = 'seed_paper'
    union all
    select
        analysis_id as operand,
        if(
            contains(lower(rates.analysis_label), lower(outcomes.label)),
            rates.analysis_label,
            outcomes.label || ', ' || lower(left(rates.analysis_label, 1))
            || substr(rates.analysis_label, 2)
        ) as label,
        pooled_rate as shown_estimate,
        ci_low_rate as shown_low,
        ci_high_rate as shown_high,
        estimate,
        se,
        estimate - {{ z_975() }} * se as ci_low,
        estimate + {{ z_975() }} * se as ci_high,
        k,
        rates.scale
    from {{ ref('fct_pooled_rates') }} as rates
    inner join {{ ref('stg_vocabulary__outcomes') }} as outcomes on rates.outcome = outcomes.code
    where
        policy_id = 'seed_paper'
        and analysis_id not in (select analysis_id from circular)
    union all
    select
        effects.effect_id as operand,
        concat_ws(
            ', ',
            meta_analyses.citation_label,
            replace(effects.subtype, ';', ','),
            replace(replace(effects.restriction, '=', ' '), '_', ' '),
            'after ' || printf('%g', effects.follow_up_months)
            || {{ agreeing('effects.follow_up_months', "' month'", "' months'") }}
        ) as label,
        {{ display_scale(own_effect('yi', 'effects'), 'effects.shown_as') }} as shown_estimate,
        {{ display_scale(own_effect('ci_low', 'effects'), 'effects.shown_as') }} as shown_low,
        {{ display_scale(own_effect('ci_high', 'effects'), 'effects.shown_as') }} as shown_high,
        {{ own_effect('yi', 'effects') }} as estimate,
        sqrt({{ own_effect('vi', 'effects') }}) as se,
        {{ own_effect('ci_low', 'effects') }} as ci_low,
        {{ own_effect('ci_high', 'effects') }} as ci_high,
        1 as k,
        effects.own_scale as scale
    from {{ ref('fct_effects') }} as effects
    inner join {{ ref('dim_meta_analyses') }} as meta_analyses
        on effects.meta_analysis_id = meta_analyses.meta_analysis_id
),

ours as (
    select
        pools.operand,
        'ours' as source,
        pools.label,
        {{ fixed('pools.shown_estimate', 'scales.decimals') }} || ' ('
        || {{ fixed('pools.shown_low', 'scales.decimals') }} || ' to '
        || {{ fixed('pools.shown_high', 'scales.decimals') }} || ')' as shown,
        pools.estimate,
        pools.se,
        pools.ci_low,
        pools.ci_high,
        pools.k
    from pools
    left join {{ ref('stg_protocol__scales') }} as scales on pools.scale = scales.scale
),

final as (
    select
        sources.operand || ':' || sources.source as operand_source_id,
        sources.operand,
        sources.source,
        sources.label,
        {{ true_minus('sources.shown') }} as shown,
        sources.estimate,
        sources.se,
        sources.ci_low,
        sources.ci_high,
        cast(sources.k as integer) as k
    from (
        select * from printed
        union all
        select * from ours
    ) as sources
    inner join named on sources.operand = named.operand
)

select * from final
order by operand_source_id
