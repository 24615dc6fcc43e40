select
    figure_id,
    block_id,
    sum(weight_percent) as total_percent
from {{ ref('rpt_forest') }}
-- A single meta-analysis has no weight.
where row_kind = 'study' and weight_percent is not null
group by figure_id, block_id
having abs(sum(weight_percent) - 100) > 1e-9
