-- Grain: one row per graded result, scheme and criterion that applies to its kind of outcome, with
-- the thresholds as declared.
with

inputs as (
    select * from {{ ref('int_grading_values') }}
),

criteria as (
    select * from {{ ref('stg_protocol__grading_criteria') }}
),

final as (
    select
        inputs.graded_id,
        criteria.scheme,
        criteria.criterion,
        criteria.row_number as criterion_order,
        criteria.label,
        criteria.input,
        criteria.comparison,
        criteria.threshold,
        criteria.unit,
        inputs.value,
        inputs.bound,
        inputs.source,
        inputs.basis,
        inputs.missing_reason,
        {{ criterion_is_met(
            'inputs.value', 'inputs.bound', 'criteria.comparison', 'criteria.threshold'
        ) }}
            as is_met,
        coalesce(
            {{ criterion_is_met(
                'inputs.value_low', "'exact'", 'criteria.comparison', 'criteria.threshold'
            ) }} != {{ criterion_is_met(
                'inputs.value_high', "'exact'", 'criteria.comparison', 'criteria.threshold'
            ) }},
            false
        ) as is_open_by_rounding,
        case
            when inputs.bound = 'verdict' then if(inputs.value = 0, 'a sign', 'no sign')
            else
                case inputs.bound
                    when 'at_least' then 'at least '
                    when 'at_most' then 'at most '
                    when 'above' then 'above '
                    when 'below' then 'below '
                    else ''
                end || {{ short_number('inputs.value') }}
        end as value_text,
        criteria.comparison || ' ' || {{ short_number('criteria.threshold') }} as needs_text,
        case criteria.comparison
            when '<' then '>='
            when '<=' then '>'
            when '>' then '<='
            else '<'
        end || ' ' || {{ short_number('criteria.threshold') }} as needs_not_text
    from criteria
    inner join inputs
        on
            criteria.input = inputs.input
            and criteria.applies_to in ('any', inputs.outcome_kind)
            and {{ is_graded_by('inputs.outcome_kind', 'criteria.scheme') }}
)

select * from final
