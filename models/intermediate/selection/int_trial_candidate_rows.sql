-- Grain: one row per analysis of trials and trial that passes its filters, as a candidate: on the
-- scale of its set of trials, which is that of the analysis where the rows allow it.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

trials as (
    select * from {{ ref('int_trial_units') }}
),

final as (
    {{ trial_candidates() }}
)

select * from final
order by analysis_id, effect_id
