-- Grain: one row per headline analysis, selection rule and policy, pooled.
with

inputs as (
    select * from {{ ref('int_selection_inputs') }}
),

{{ pool_inputs() }}

select * exclude (correlations, other_correlation, yis, vis)
from final
