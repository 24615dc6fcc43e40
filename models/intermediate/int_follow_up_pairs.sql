{%- set times = ['timepoint', 'months_band'] -%}
-- Grain: one row per analysis at follow-up and meta-analysis that also enters the same analysis
-- after treatment: the same filters but those of time, the same scale, unit and selection.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member and source_sheet = 'reported_effects'
),

counterparts as (
    select
        later.analysis_id,
        earlier.analysis_id as post_analysis_id
    from analyses as later
    inner join analyses as earlier
        on
            later.timepoint = 'follow_up'
            and coalesce(earlier.timepoint, 'post') = 'post'
            and later.scale = earlier.scale
            and later.unit = earlier.unit
            and later.selection_rule = earlier.selection_rule
            {%- for column in analysis_filters() if column not in times %}
            and later.{{ column }} is not distinct from earlier.{{ column }}
            {%- endfor %}
    qualify
        row_number() over (
            partition by later.analysis_id order by earlier.sort_order, earlier.analysis_id
        ) = 1
),

final as (
    select
        counterparts.analysis_id,
        counterparts.post_analysis_id,
        later.meta_analysis_id,
        later.effect_id,
        earlier.effect_id as post_effect_id,
        later.n_studies,
        earlier.n_studies as post_n_studies,
        later.yi,
        later.vi,
        earlier.yi as post_yi,
        earlier.vi as post_vi
    from counterparts
    inner join members as later on counterparts.analysis_id = later.analysis_id
    inner join members as earlier
        on
            counterparts.post_analysis_id = earlier.analysis_id
            and later.meta_analysis_id = earlier.meta_analysis_id
)

select * from final
