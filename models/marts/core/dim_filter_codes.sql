-- Grain: one row per code that a filter of analyses may hold.
select
    vocabulary,
    code,
    label
from {{ ref('int_code_labels') }}
order by vocabulary, code
