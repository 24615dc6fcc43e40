-- Grain: one row per analysis, member set, odds-ratio rule, way of handling overlap, estimator and
-- interval, pooled: what the specifications share is computed once.
with

methods as (
    select
        tau2_methods.tau2_method,
        ci_methods.ci_method,
        'none' as pi_method,
        'none' as tau2_ci_method,
        0.95 as ci_level
    from {{ multiverse_options('tau2_method') }} as tau2_methods
    cross join {{ multiverse_options('ci_method') }} as ci_methods
),

inputs as (
    select
        inputs.*,
        methods.*
    from {{ ref('int_multiverse_inputs') }} as inputs
    cross join methods
),

{{ pool_inputs() }}

select * exclude (correlations, yis, vis)
from final
