-- Grain: one row per row that was read twice and field that is compared, with the values of both
-- readers: the cells as read; the class of a comparator follows from its codes. Rates per time have
-- the units of both, and of the cell as it is now where a correction changed it: what is decided of
-- the unit is decided of all numbers that are in it.
with

fields as (
    select * from {{ ref('stg_protocol__agreement_fields') }}
),

readings as (
    select
        'reported_effects' as sheet,
        second.effect_id as row_id,
        second.found,
        first.row_number as first_row,
        second.row_number as second_row,
        first.meta_analysis_id,
        cast(null as varchar) as first_unit,
        cast(null as varchar) as second_unit,
        cast(null as varchar) as current_unit
    from {{ ref('stg_extraction__second_extraction') }} as second
    inner join {{ ref('stg_extraction__reported_effects') }} as first
        on second.effect_id = first.effect_id

    union all

    select
        'reported_rates' as sheet,
        second.rate_id as row_id,
        second.found,
        first.row_number as first_row,
        second.row_number as second_row,
        first.meta_analysis_id,
        coalesce(units.old_value, first.rate_unit) as first_unit,
        coalesce(second.rate_unit, first_unit) as second_unit,
        if(units.row_id is null, null, first.rate_unit) as current_unit
    from {{ ref('stg_extraction__second_extraction_rates') }} as second
    inner join {{ ref('stg_extraction__reported_rates') }} as first
        on second.rate_id = first.rate_id
    left join {{ ref('stg_extraction__corrections') }} as units
        on
            units.sheet = 'reported_rates'
            and units.column_name = 'rate_unit'
            and first.rate_id = units.row_id
),

first_cells as (
    select
        sheet,
        row_number,
        column_name,
        value
    from {{ ref('stg_sheet_cells') }}
    where sheet in ('reported_effects', 'reported_rates')

    union all

    select
        'reported_effects' as sheet,
        effects.row_number,
        'comparator_class' as column_name,
        {{ comparator_class_of('effects.comparator', ref('stg_vocabulary__comparators')) }} as value
    from {{ ref('stg_extraction__reported_effects') }} as effects
),

second_cells as (
    select
        if(sheet = 'second_extraction', 'reported_effects', 'reported_rates') as sheet,
        row_number,
        column_name,
        value
    from {{ ref('stg_sheet_cells') }}
    where sheet in ('second_extraction', 'second_extraction_rates')
),

adjudicable as (
    select unnest(allowed) as field
    from {{ ref('stg_sheet_columns') }}
    where sheet = 'adjudications' and column_name = 'field'
),

-- What the sheet of adjudications does not take is settled in the cell itself, and a correction
-- keeps what the first reader had typed.
decisions as (
    select
        'reported_effects' as sheet,
        effect_id as row_id,
        field,
        adjudicated_value,
        null as typed_before,
        false as is_in_cell
    from {{ ref('stg_extraction__adjudications') }}

    union all

    select
        sheet,
        row_id,
        column_name as field,
        new_value as adjudicated_value,
        old_value as typed_before,
        true as is_in_cell
    from {{ ref('stg_extraction__corrections') }}
    where
        sheet = 'reported_rates'
        or (
            sheet = 'reported_effects'
            and column_name not in (select adjudicable.field from adjudicable)
        )
),

final as (
    select
        readings.* exclude (current_unit),
        fields.* exclude (sheet, row_number),
        meta_analyses.source_kind,
        if(decisions.is_in_cell, decisions.typed_before, first_cells.value) as first_value,
        second_cells.value as second_value,
        if(
            fields.field in ('rate', 'rate_low', 'rate_high', 'person_time'),
            readings.current_unit,
            null
        ) as decided_unit,
        if(
            decisions.row_id is null and decided_unit is not null,
            first_cells.value,
            decisions.adjudicated_value
        ) as adjudicated_value,
        decisions.row_id is not null or (decided_unit is not null and first_value is not null)
            as is_adjudicated
    from readings
    inner join fields on readings.sheet = fields.sheet
    inner join {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
        on readings.meta_analysis_id = meta_analyses.meta_analysis_id
    inner join second_cells
        on
            readings.sheet = second_cells.sheet
            and readings.second_row = second_cells.row_number
            and fields.field = second_cells.column_name
    left join first_cells
        on
            readings.sheet = first_cells.sheet
            and readings.first_row = first_cells.row_number
            and fields.field = first_cells.column_name
    left join decisions
        on
            readings.sheet = decisions.sheet
            and readings.row_id = decisions.row_id
            and fields.field = decisions.field
)

select * from final
