select
    analysis_id,
    cluster_id,
    count(*) as n_members
from {{ ref('int_analysis_candidates') }}
where is_member
group by analysis_id, cluster_id
having count(*) > 1
