-- Grain: one row per row that was read twice and field on which the two readers contradict each
-- other undecided, or whose decision was about another value than the cell now holds.
with

differences as (
    select * from {{ ref('int_extraction_differences') }}
),

undecided as (
    select
        *,
        {{ benefit_sign('first_value') }} * {{ benefit_sign('second_value') }} = -1
            as is_other_side,
        -- 0.000 is a number below 0.0005, and so is < 0.001.
        field = 'p_value' and first_number <= 0.001 and second_number <= 0.001 as is_tiny
    from differences
    where
        comparison = 'differs'
        and not is_adjudicated
        and first_value not in ({{ unsaid_codes() }})
        and second_value not in ({{ unsaid_codes() }})
),

-- A decision names what it decided between.
decided as (
    select
        differences.*,
        decisions.first_value as value_decided_about
    from differences
    inner join {{ ref('stg_extraction__adjudications') }} as decisions
        on
            differences.row_id = decisions.effect_id
            and differences.field = decisions.field
    where
        differences.sheet = 'reported_effects'
        and differences.field != 'comparator_class'
        and decisions.first_value is distinct from differences.first_value
        and try_cast(decisions.first_value as double) is distinct from differences.first_number
),

final as (
    select
        sheet,
        first_row as row_number,
        row_id,
        if(
            kind = 'number' or coalesce(is_other_side, false), 'readers_differ',
            'readers_code_differently'
        ) as rule,
        field as columns,
        first_value || ', read again as ' || second_value as printed,
        second_number as implied_low,
        second_number as implied_high,
        'two readers typed different values, and nobody decided between them' as why,
        if(is_other_side, 'the direction is reversed', 'the other value: ' || second_value)
            as candidate
    from undecided
    where not is_tiny

    union all

    select
        sheet,
        first_row as row_number,
        row_id,
        'decided_about_another_value' as rule,
        field as columns,
        coalesce(first_value, 'an empty cell') || ', decided about '
        || coalesce(value_decided_about, 'an empty cell') as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'the decision between the readers was about another value' as why,
        coalesce(value_decided_about, 'an empty cell') as candidate
    from decided
)

select * from final
