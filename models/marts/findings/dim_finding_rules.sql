-- Grain: one row per rule of the findings.
select * exclude (row_number)
from {{ ref('stg_protocol__finding_rules') }}
order by sort_order, rule
