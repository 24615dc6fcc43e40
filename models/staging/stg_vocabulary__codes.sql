-- Grain: one row per code of a vocabulary.
{%- for vocabulary in vocabularies() %}
select
    '{{ vocabulary }}' as vocabulary,
    columns(lambda name: name in ('code', 'label', 'role'))
from {{ ref('stg_vocabulary__' ~ vocabulary) }}
{{ "union all by name" if not loop.last }}
{%- endfor %}
