-- Grain: one row per analysis and policy, pooled.
with

inputs as (
    select * from {{ ref('int_pool_inputs') }}
),

{{ pool_inputs() }}

select * exclude (correlations, other_correlation, selection_rule)
from final
