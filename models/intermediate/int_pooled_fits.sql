-- Grain: one row per analysis and policy. The one place that calls the pooling kernel.
with

inputs as (
    select * from {{ ref('int_pool_inputs') }}
),

final as (
    select
        *,
        {{ pool(
            'yis',
            'vis',
            "{
                'tau2_method': tau2_method,
                'ci_method': ci_method,
                'pi_method': pi_method,
                'tau2_ci_method': tau2_ci_method,
                'ci_level': ci_level
            }",
        ) }} as fit
    from inputs
)

select * from final
