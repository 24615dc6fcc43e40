-- Grain: one row per row that was read twice and field that is compared. Values are the cells as
-- read; the class of a comparator follows from its codes. Rates per time are compared in the
-- person-time of the first reader, which is that of the second where none is typed.
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
        cast(1 as double) as of_rate,
        cast(1 as double) as of_time
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
        {{ person_years('first.rate_unit') }}
        / {{ person_years('coalesce(second.rate_unit, first.rate_unit)') }} as of_rate,
        {{ years_of_time('coalesce(second.rate_unit, first.rate_unit)') }}
        / {{ years_of_time('first.rate_unit') }} as of_time
    from {{ ref('stg_extraction__second_extraction_rates') }} as second
    inner join {{ ref('stg_extraction__reported_rates') }} as first
        on second.rate_id = first.rate_id
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

paired as (
    select
        readings.* exclude (of_rate, of_time),
        fields.* exclude (sheet, row_number),
        meta_analyses.source_kind,
        first_cells.value as first_value,
        second_cells.value as second_value,
        if(fields.kind = 'number', try_cast(first_cells.value as double), null) as first_number,
        if(fields.kind = 'number', try_cast(second_cells.value as double), null)
        * case
            when fields.field in ('rate', 'rate_low', 'rate_high') then coalesce(readings.of_rate, 1)
            when fields.field = 'person_time' then coalesce(readings.of_time, 1)
            else 1
        end as second_number,
        decisions.adjudicated_value,
        decisions.effect_id is not null as is_adjudicated
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
    left join {{ ref('stg_extraction__adjudications') }} as decisions
        on
            readings.sheet = 'reported_effects'
            and readings.row_id = decisions.effect_id
            and fields.field = decisions.field
),

-- A hair is added to the tolerance: 0.305 - 0.3 is above 0.005 in floating point.
measured as (
    select
        *,
        {%- for reader in ['first', 'second'] %}
        coalesce(
            list_extract(
                list_transform(
                    list_filter(
                        string_split(same_codes, ';'),
                        lambda pair: split_part(pair, '=', 2) = {{ reader }}_value
                    ),
                    lambda pair: split_part(pair, '=', 1)
                ),
                1
            ),
            {{ reader }}_value
        ) as {{ reader }}_code,
        {%- endfor %}
        second_number - first_number as difference,
        (1 + 1e-9) * case tolerance_kind
            when 'absolute' then coalesce(tolerance, 0)
            when 'relative'
                then
                    coalesce(tolerance, 0)
                    * {{ greatest_of(['abs(first_number)', 'abs(second_number)']) }}
            else 0
        end as largest_difference
    from paired
),

final as (
    select
        *,
        case
            when found not in ('y', 'resolved') then 'not_matched'
            when first_value is null and second_value is null then 'neither_has_it'
            when second_value is null then 'only_first_has_it'
            when first_value is null then 'only_second_has_it'
            when kind = 'code' and first_value = second_value then 'equal'
            when kind = 'code'
                then if(first_code = second_code, 'within_tolerance', 'differs')
            when abs(difference) <= 1e-12 * abs(first_number) then 'equal'
            when abs(difference) <= largest_difference then 'within_tolerance'
            else 'differs'
        end as comparison,
        case
            when not is_adjudicated then null
            when
                adjudicated_value = first_value
                or (kind = 'number' and try_cast(adjudicated_value as double) = first_number)
                then 'first'
            when
                adjudicated_value = second_value
                or (kind = 'number' and try_cast(adjudicated_value as double) = second_number)
                then 'second'
            else 'neither'
        end as decided_for
    from measured
)

select * from final
