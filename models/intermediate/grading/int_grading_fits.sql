-- Grain: one row per analysis and graded policy: small-study tests with meta-analyses as units. The
-- one place that calls these kernels for grading.
with

inputs as (
    select
        analysis_id,
        policy_id,
        tau2_method,
        yis,
        vis
    from {{ ref('int_pool_inputs') }}
    where policy_id in ('seed_paper', 'recommended')
),

tested as (
    select
        analysis_id,
        policy_id,
        egger_test(yis, vis) as egger,
        excess_significance(yis, vis, {'tau2_method': tau2_method}) as excess
    from inputs
),

final as (
    select
        *,
        {{ tess_psst_either_side('excess') }} as tess_psst_either_side
    from tested
)

select * from final
