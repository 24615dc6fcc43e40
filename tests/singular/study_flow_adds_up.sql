-- What the flow computes adds up: n minus n_excluded is the n of the next stage, and the reasons
-- add up to what is excluded. Printed numbers that do not are findings (flow_does_not_add_up).
with

flow as (
    select
        *,
        lead(n) over (partition by source order by stage_order) as next_n
    from {{ ref('fct_study_flow') }}
),

reasons as (
    select coalesce(sum(n), 0) as n_by_reason
    from {{ ref('fct_exclusions') }}
)

select flow.flow_id
from flow
where
    flow.next_n is not null
    and flow.n - flow.n_excluded is distinct from flow.next_n
    and (flow.source = 'this_extraction' or flow.excluded_basis = 'difference')
    and not (flow.source = 'published' and flow.next_n > flow.n)

union all

select flow.flow_id
from flow
cross join reasons
where
    flow.source = 'this_extraction'
    and flow.stage_id = 'valid'
    and flow.n_excluded != reasons.n_by_reason
