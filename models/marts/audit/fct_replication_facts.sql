-- Grain: one row per published claim, count, comparison or sum and fact that the rules of
-- replication ask about: whether it holds between what is printed and what is recomputed.
--
-- Assumptions: a printed number stands for every value that rounds to it, so each fact gives the
-- print the benefit of its rounding; the level of the tests between two pools is 0.05.
{%- set facts = replication_facts() %}
with

recomputations as (
    select * from {{ ref('fct_recomputations') }}
),

claims as (
    select * from {{ ref('int_published_claim_ranges') }}
),

counts as (
    select * from {{ ref('int_published_count_ranges') }}
),

comparisons as (
    select * from {{ ref('stg_published__comparisons') }}
),

included as (
    select count(*) as n_included
    from {{ ref('dim_meta_analyses') }}
    where eligibility = 'included'
),

effect_facts as (
    select
        recomputations.subject_kind,
        recomputations.subject_id,
        claims.is_in_order,
        claims.is_inside,
        claims.no_effect,
        claims.estimate_min,
        claims.estimate_max,
        claims.ci_low_min,
        claims.ci_high_max,
        recomputations.published_estimate,
        recomputations.published_ci_low,
        recomputations.published_ci_high,
        recomputations.recomputed_estimate,
        recomputations.recomputed_ci_low,
        recomputations.recomputed_ci_high,
        claims.ci_high_scaled - claims.ci_low_scaled as printed_width,
        if(
            claims.scale = 'log',
            ln(recomputations.recomputed_ci_high) - ln(recomputations.recomputed_ci_low),
            recomputations.recomputed_ci_high - recomputations.recomputed_ci_low
        ) as recomputed_width,
        unnest({{ fact_structs(facts['effect']) }}) as fact
    from recomputations
    inner join claims on recomputations.subject_id = claims.claim_id
    where recomputations.subject_kind = 'claim'
),

comparison_facts as (
    select
        recomputations.subject_kind,
        recomputations.subject_id,
        comparisons.stated,
        comparisons.strength,
        recomputations.recomputed_estimate,
        recomputations.recomputed_ci_low,
        recomputations.recomputed_ci_high,
        recomputations.recomputed_p,
        a.estimate_min - b.estimate_max as difference_min,
        a.estimate_max - b.estimate_min as difference_max,
        2 * {{ z_975() }} * sqrt(a.se ** 2 + b.se ** 2) as printed_width,
        unnest({{ fact_structs(facts['comparison']) }}) as fact
    from recomputations
    inner join comparisons on recomputations.subject_id = comparisons.comparison_id
    inner join claims as a on comparisons.claim_id_a = a.claim_id
    inner join claims as b on comparisons.claim_id_b = b.claim_id
    where recomputations.subject_kind = 'comparison'
),

count_facts as (
    select
        recomputations.subject_kind,
        recomputations.subject_id,
        counts.centre_min,
        counts.centre_max,
        counts.range_low_min,
        counts.range_high_max,
        included.n_included,
        recomputations.published_estimate,
        recomputations.recomputed_estimate,
        recomputations.recomputed_ci_low,
        recomputations.recomputed_ci_high,
        recomputations.recomputed_k,
        unnest({{ fact_structs(facts['count']) }}) as fact
    from recomputations
    inner join counts on recomputations.subject_id = counts.count_id
    cross join included
    where recomputations.subject_kind = 'count'
),

common_facts as (
    select
        subject_kind,
        subject_id,
        recomputed_status,
        recomputed_estimate,
        recomputed_ci_low,
        unnest({{ fact_structs(facts['common']) }}) as fact
    from recomputations
),

final as (
    {%- for family in ['common', 'effect', 'comparison', 'count'] %}
    select
        subject_kind,
        subject_id,
        fact.fact as fact,
        fact.is_true as is_true
    from {{ family }}_facts
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from final
order by subject_kind, subject_id, fact
