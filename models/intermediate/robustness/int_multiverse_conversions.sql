-- Grain: one row per analysis and way with converted effects that its specifications have. It is a
-- choice where an analysis has such effects; elsewhere both options would be the same.
with

analyses as (
    select analysis_id
    from {{ ref('stg_protocol__analyses') }}
),

converting as (
    select distinct analysis_id
    from {{ ref('int_candidate_rows') }}
    where has_converted
),

options as (
    select
        converting.analysis_id,
        options.*
    from converting
    cross join {{ multiverse_options('converted_effects') }} as options
),

final as (
    select
        analyses.analysis_id,
        coalesce(options.converted_effects, 'pooled') as converted_effects,
        options.converted_effects is not null as is_choice,
        options.converted_effects_doubt
    from analyses
    left join options on analyses.analysis_id = options.analysis_id
)

select * from final
