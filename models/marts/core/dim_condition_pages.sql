-- Grain: one row per code of the vocabulary conditions.
select
    code as condition,
    label as condition_label,
    definition,
    {{ file_slug('code') }} as slug
from {{ ref('stg_vocabulary__conditions') }}
order by condition
