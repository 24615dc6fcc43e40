-- Grain: one row per effect, rate or trial comparison: its codes, and what is written beside them.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

rates as (
    select * from {{ ref('stg_extraction__reported_rates') }}
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

final as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        meta_analysis_id,
        condition,
        outcome,
        measure,
        comparator,
        favourable_direction,
        concat_ws(' ', subtype, restriction, notes, source_locator) as own_text
    from effects
    union all
    select
        'reported_rates' as sheet,
        row_number,
        rate_id as row_id,
        meta_analysis_id,
        condition,
        outcome,
        cast(null as varchar) as measure,
        comparator,
        cast(null as varchar) as favourable_direction,
        concat_ws(' ', definition, notes, source_locator) as own_text
    from rates
    union all
    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        source as meta_analysis_id,
        condition,
        outcome,
        measure,
        comparator,
        favourable_direction,
        concat_ws(' ', subtype, instrument, notes, locator) as own_text
    from trials
)

select * from final
