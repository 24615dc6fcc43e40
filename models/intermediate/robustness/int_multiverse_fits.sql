-- Grain: one row per analysis, member set, odds-ratio rule, way of handling overlap, estimator and
-- interval, pooled: what the specifications share is computed once.
-- depends_on: {{ ref('int_multiverse_choices') }}, so that specifications are counted before
with

-- Different rows often have the same lists: one of them stands for all.
keyed as (
    select
        *,
        {
            'analysis_id': analysis_id,
            'member_set': member_set,
            'or_to_smd_rule': or_to_smd_rule,
            'overlap_handling': overlap_handling
        } as own_key
    from {{ ref('int_multiverse_inputs') }}
),

represented as (
    select
        *,
        min(own_key) over (
            partition by
                overlap_handling = 'none', yis, vis, correlations, other_correlation, shrinkage
        ) as key
    from keyed
),

methods as (
    select
        list(
            {
                'tau2_method': tau2_methods.tau2_method,
                'ci_method': ci_methods.ci_method
            }
            order by tau2_methods.tau2_method, ci_methods.ci_method
        ) as listed
    from {{ multiverse_options('tau2_method') }} as tau2_methods
    cross join {{ multiverse_options('ci_method') }} as ci_methods
),

-- Rows of one input follow one another: their covariance matrix is decomposed once.
spread as (
    select
        represented.*,
        unnest(methods.listed) as method
    from represented
    cross join methods
    where represented.key = represented.own_key
),

inputs as (
    select
        key,
        overlap_handling,
        yis,
        vis,
        correlations,
        other_correlation,
        shrinkage,
        method.tau2_method as tau2_method,
        method.ci_method as ci_method,
        'none' as pi_method,
        'none' as tau2_ci_method,
        0.95 as ci_level
    from spread
),

{{ pool_inputs() }},

-- Without the weights, which are as many as the members, for each of a hundred thousand fits.
results as (
    select
        * exclude (fit),
        {
            'status': fit.status,
            'k': fit.k,
            'estimate': fit.estimate,
            'ci_low': fit.ci_low,
            'ci_high': fit.ci_high,
            'p_value': fit.p_value,
            'tau2': fit.tau2
        } as fit
    from final
),

fits as (
    select
        represented.analysis_id,
        represented.member_set,
        represented.or_to_smd_rule,
        represented.only_ci_low,
        represented.only_ci_high,
        represented.overlap_handling,
        represented.shrinkage,
        results.tau2_method,
        results.ci_method,
        results.pi_method,
        results.tau2_ci_method,
        results.ci_level,
        results.fit
    from represented
    inner join results on represented.key = results.key
)

select * from fits
