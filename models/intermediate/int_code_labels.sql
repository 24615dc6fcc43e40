-- Grain: one row per code that filters of analyses may hold: those of the vocabularies, and the
-- bands of months.
select
    vocabulary,
    code,
    label
from {{ ref('stg_vocabulary__codes') }}
union all
select
    'months_bands' as vocabulary,
    band as code,
    label
from {{ ref('stg_protocol__months_bands') }}
