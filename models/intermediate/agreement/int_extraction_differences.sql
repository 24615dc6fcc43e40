-- Grain: one row per row that was read twice and field that is compared. The only place that says
-- when two readings agree: `umbrella compare` runs this query on the pairs of two workbooks. Rates
-- per time are compared in the person-time of the first reader.
with

paired as (
    select
        *,
        if(kind = 'number', try_cast(first_value as double), null) as first_number,
        {{ in_unit_of_first('second_value', 'second_unit') }} as second_number,
        {{ in_unit_of_first('adjudicated_value', 'coalesce(decided_unit, first_unit)') }}
            as decided_number
    from {{ ref('int_reading_pairs') }}
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
        * exclude (first_unit, second_unit, decided_unit, decided_number),
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
            {%- for reader in ['first', 'second'] %}
            when
                if(
                    decided_number is null and (decided_unit is null or adjudicated_value is null),
                    adjudicated_value is not distinct from {{ reader }}_value,
                    abs(decided_number - {{ reader }}_number) <= 1e-12 * abs(decided_number)
                )
                then '{{ reader }}'
            {%- endfor %}
            else 'neither'
        end as decided_for
    from measured
)

select * from final
