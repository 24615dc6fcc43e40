-- Grain: one row per measure of the vocabulary, with the scale on which its numbers are pooled.
with

measures as (
    select * from {{ ref('stg_vocabulary__measures') }}
),

scales as (
    select * from {{ ref('stg_protocol__scales') }}
),

with_scale as (
    select
        *,
        case family
            when 'smd' then if(converts_to_smd = 'y', 'smd', null)
            when 'ratio' then 'log_' || replace(coalesce(role, code), 'log_', '')
            when 'mean_difference' then 'mean_difference'
            when 'risk_difference' then 'risk_difference'
            when 'ratio_of_means' then 'log_ratio_of_means'
            when 'correlation' then 'fisher_z'
        end as scale
    from measures
)

select
    with_scale.code as measure,
    with_scale.label,
    with_scale.role,
    with_scale.family as measure_family,
    with_scale.converts_to_smd = 'y' as is_smd_measure,
    scales.scale as own_scale,
    scales.shown_as,
    -- Printed as readers see it, not yet on the scale of pooling.
    with_scale.log_scale = 'n' and coalesce(scales.shown_as, '') in ('exp', 'tanh') as is_as_shown,
    with_scale.log_scale = 'n' and coalesce(scales.shown_as, '') = 'exp' as is_plain_ratio
from with_scale
left join scales on with_scale.scale = scales.scale
