-- Grain: one row per analysis, way with converted effects, exclusion, one-effect rule and
-- meta-analysis that is left: the row that stands for it. The one place that says what the codes of
-- these choices do.
with

candidates as (
    select * from {{ ref('int_candidate_rows') }}
    where is_admissible
),

effects as (
    select * from {{ ref('int_member_effects') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

amstar as (
    select
        meta_analysis_id,
        {{ band_of('score', ref('stg_protocol__amstar_bands')) }} as amstar_band
    from {{ ref('int_amstar_scores') }}
),

lowest_band as (
    select arg_min(band, lower_bound) as band
    from {{ ref('stg_protocol__amstar_bands') }}
),

described as (
    select
        candidates.*,
        len(effects.flag_list) > 0 as is_flagged,
        coalesce(meta_analyses.source_kind = 'full_text', false) as is_full_text,
        coalesce(amstar.amstar_band = lowest_band.band, false) as is_low_amstar
    from candidates
    inner join effects
        on
            candidates.source_sheet = effects.source_sheet
            and candidates.effect_id = effects.effect_id
    left join meta_analyses on candidates.meta_analysis_id = meta_analyses.meta_analysis_id
    left join amstar on candidates.meta_analysis_id = amstar.meta_analysis_id
    cross join lowest_band
),

kept as (
    select
        described.*,
        handled.converted_effects,
        exclusions.exclusion
    from described
    inner join {{ ref('int_multiverse_conversions') }} as handled
        on
            described.analysis_id = handled.analysis_id
            and (handled.converted_effects = 'pooled' or described.conversion is null)
    cross join {{ multiverse_options('exclusion') }} as exclusions
    where
        case exclusions.exclusion
            when 'none' then true
            when 'flagged' then not described.is_flagged
            when 'not_full_text' then described.is_full_text
            when 'low_amstar' then not described.is_low_amstar
        end
),

ordered as (
    select
        kept.*,
        rules.one_effect_rule,
        case rules.one_effect_rule
            when 'main_pool' then if(kept.is_main_pool, 0.0, 1.0)
            when 'most_studies' then coalesce(-kept.n_studies, 0.0)
            when 'most_precise' then kept.vi
        end as preference
    from kept
    cross join {{ multiverse_options('one_effect_rule') }} as rules
),

final as (
    select
        analysis_id,
        converted_effects,
        exclusion,
        one_effect_rule,
        effect_id
    from ordered
    qualify row_number() over (
            partition by
                analysis_id, converted_effects, exclusion, one_effect_rule, cluster_id
            order by preference, {{ one_effect_order() }}
        ) = 1
)

select * from final
