{% macro effect_fault_ctes() %}
-- The values in force: adjudicated ones where there are any.
decisions as (
    select
        effect_id,
        {%- for field in ['measure', 'favourable_direction', 'estimate', 'ci_low', 'ci_high'] %}
        max(adjudicated_value) filter (field = '{{ field }}') as {{ field }}{{ "," if not loop.last }}
        {%- endfor %}
    from wide_adjudications
    -- A decision that is rejected itself decides nothing.
    where row_number not in (select row_number from adjudication_faults)
    group by effect_id
),

wide_effects as (
    select
        effects.* replace (
            coalesce(decisions.measure, effects.measure) as measure,
            coalesce(decisions.favourable_direction, effects.favourable_direction)
                as favourable_direction,
            coalesce(try_cast(decisions.estimate as double), effects.estimate) as estimate,
            coalesce(try_cast(decisions.ci_low as double), effects.ci_low) as ci_low,
            coalesce(try_cast(decisions.ci_high as double), effects.ci_high) as ci_high
        ),
        measures.family in ('ratio', 'ratio_of_means') and measures.log_scale = 'n'
            as is_plain_ratio,
        upper_limit.is_used as is_limit_bridged
    from (
        {{ wide_cells(
            'reported_effects',
            ['estimate', 'ci_low', 'ci_high', 'ci_level'],
            ['effect_id', 'measure', 'favourable_direction', 'p_value', 'p_operator'],
        ) }}
    ) as effects
    left join decisions on effects.effect_id = decisions.effect_id
    left join (
        {{ wide_cells('measures', [], ['code', 'family', 'log_scale']) }}
    ) as measures on coalesce(decisions.measure, effects.measure) = measures.code
    -- A lower limit that was rounded to zero, where the upper one may stand for both.
    cross join (
        select coalesce(bool_or(used = 'always'), false) as is_used
        from ({{ wide_cells('conversions', [], ['role', 'used']) }})
        where role = 'upper_limit'
    ) as upper_limit
),

effect_faults as (
    select
        row_number,
        'ci_high' as column_name,
        ci_low || ' to ' || ci_high as value,
        'interval without width' as reason,
        'an upper limit above the lower one' as expected
    from wide_effects
    where ci_low = ci_high

    union all

    select
        row_number,
        if(ci_low is null, 'ci_low', 'ci_high') as column_name,
        null as value,
        'only one limit of the interval' as reason,
        'both limits, or neither' as expected
    from wide_effects
    where (ci_low is null) != (ci_high is null)

    union all

    select
        row_number,
        'ci_level' as column_name,
        cast(ci_level as varchar) as value,
        'interval without a usable confidence level' as reason,
        'a fraction between 0.5 and 1, such as 0.95' as expected
    from wide_effects
    where
        ci_low is not null
        and ci_high is not null
        and (ci_level is null or ci_level <= 0.5 or ci_level >= 1)

    union all

    select
        row_number,
        case {{ least_known(['estimate', 'ci_low', 'ci_high']) }}
            when ci_low then 'ci_low' when estimate then 'estimate' else 'ci_high'
        end as column_name,
        cast({{ least_known(['estimate', 'ci_low', 'ci_high']) }} as varchar) as value,
        'a ratio that is not above zero' as reason,
        if(
            ci_low = 0 and estimate > 0,
            'the limit that was rounded to zero with more digits, or no limits but the P value',
            'ratios above zero, or a measure on the log scale'
        ) as expected
    from wide_effects
    where
        is_plain_ratio
        and {{ least_known(['estimate', 'ci_low', 'ci_high']) }} <= 0
        and not coalesce(is_limit_bridged and ci_low = 0 and estimate > 0 and ci_high > estimate, false)

    union all

    select
        row_number,
        'favourable_direction' as column_name,
        favourable_direction as value,
        'direction does not suit the measure' as reason,
        if(is_plain_ratio, 'above_one or below_one', 'positive or negative') as expected
    from wide_effects
    where
        is_plain_ratio is not null
        and favourable_direction is not null
        and favourable_direction != 'unclear'
        and is_plain_ratio != (favourable_direction in ('above_one', 'below_one'))

    union all

    select
        row_number,
        'p_operator' as column_name,
        p_operator as value,
        'P value and its operator do not go together' as reason,
        'both p_operator and p_value, or neither' as expected
    from wide_effects
    where (p_operator is null) != (p_value is null)
)
{%- endmacro %}
