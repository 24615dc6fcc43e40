-- Grain: one row per measure of the vocabulary, with the scale on which its numbers are pooled.
with

measures as (
    select * from {{ ref('stg_vocabulary__measures') }}
),

scales as (
    select * from {{ ref('stg_protocol__scales') }}
)

select
    measures.code as measure,
    measures.label,
    measures.role,
    measures.family as measure_family,
    measures.converts_to_smd = 'y' as is_smd_measure,
    scales.scale as own_scale,
    scales.shown_as,
    -- Printed as readers see it, not yet on the scale of pooling.
    measures.log_scale = 'n' and coalesce(scales.shown_as, '') in ('exp', 'tanh') as is_as_shown,
    measures.log_scale = 'n' and coalesce(scales.shown_as, '') = 'exp' as is_plain_ratio
from measures
left join scales
    on
        measures.family = scales.measure_family
        and (
            scales.ratio is null
            or scales.ratio = replace(coalesce(measures.role, measures.code), 'log_', '')
        )
        and (scales.scale != 'smd' or measures.converts_to_smd = 'y')
