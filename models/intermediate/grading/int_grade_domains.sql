-- Grain: one row per graded result, scheme, variant of the scheme and domain: the points of the
-- first rule that holds. The only place that applies the rules of grading.
with

variants as (
    select * from {{ ref('int_grading_variants') }}
),

inputs as (
    select * from {{ ref('int_grading_values') }}
),

rules as (
    select * from {{ ref('stg_protocol__grading_rules') }}
),

{{ rule_atoms_cte('rules') }},

domains as (
    select distinct
        scheme,
        domain
    from rules
),

-- What a variant changes, it changes in the domains that name its criterion, or that it drops.
judged_domains as (
    select
        variants.scheme,
        variants.variant_id,
        variants.dropped_domain,
        domains.domain,
        variants.variation = 'declared'
        or coalesce(domains.domain = variants.dropped_domain, false)
        or bool_or(coalesce(atoms.criterion = variants.criterion, false)) as is_judged
    from variants
    inner join domains on variants.scheme = domains.scheme
    left join rule_atoms as atoms
        on domains.scheme = atoms.scheme and domains.domain = atoms.domain
    group by
        variants.scheme, variants.variant_id, variants.dropped_domain, variants.variation,
        domains.domain
),

judged as (
    select * from judged_domains
    where is_judged
),

judged_criteria as (
    select distinct
        judged.scheme,
        judged.variant_id,
        atoms.criterion
    from judged
    inner join rule_atoms as atoms
        on judged.scheme = atoms.scheme and judged.domain = atoms.domain
),

varied_criteria as (
    select
        variants.variant_id,
        criteria.* exclude (threshold),
        if(
            variants.criterion = criteria.criterion and variants.applies_to = criteria.applies_to,
            variants.new_threshold,
            criteria.threshold
        ) as threshold,
        variants.variation = 'criterion_dropped' and variants.criterion = criteria.criterion
            as is_dropped
    from {{ ref('stg_protocol__grading_criteria') }} as criteria
    inner join judged_criteria
        on
            criteria.scheme = judged_criteria.scheme
            and criteria.criterion = judged_criteria.criterion
    inner join variants
        on
            judged_criteria.scheme = variants.scheme
            and judged_criteria.variant_id = variants.variant_id
),

{{ grading_ctes('inputs', 'varied_criteria', 'rules', 'judged') }},

-- What a variant leaves as it is has the outcome of its scheme as declared.
final as (
    select outcomes.* replace (judged_domains.variant_id as variant_id)
    from domain_outcomes as outcomes
    inner join judged_domains
        on
            outcomes.scheme = judged_domains.scheme
            and outcomes.domain = judged_domains.domain
            and outcomes.variant_id
            = if(judged_domains.is_judged, judged_domains.variant_id, 'declared')
    inner join graded_results
        on
            outcomes.graded_id = graded_results.graded_id
            and {{ is_graded_by('graded_results.outcome_kind', 'outcomes.scheme') }}
)

select * from final
