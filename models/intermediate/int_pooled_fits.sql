-- Grain: one row per analysis and policy, pooled.
with

inputs as (
    select * from {{ ref('int_pool_inputs') }}
),

{{ pool_inputs() }}

select * exclude (correlations, selection_rule)
from final
