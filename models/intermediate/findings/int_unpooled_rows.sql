-- Grain: one row per row of a sheet that is kept and cannot be pooled, and reason, with the cells
-- that are its cause.
with

impossible as (
    select
        sheet,
        row_number,
        row_id,
        'impossible: ' || rule_label || ' (' || printed || ')' as reason,
        columns as column_names
    from {{ ref('int_row_findings') }}
    where severity = 'impossible'
),

-- Trials that count people may be in a pool of rates.
used_as_rates as (
    select row_number
    from {{ ref('int_rates') }}
    where source_sheet = 'primary_studies' and is_poolable
),

reasons as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        unnest(not_poolable_reasons) as reason
    from {{ ref('int_effects') }}

    union all

    select
        source_sheet as sheet,
        row_number,
        row_id,
        unnest(not_poolable_reasons) as reason
    from {{ ref('int_rates') }}
    where source_sheet = 'reported_rates'

    union all

    select distinct
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        status as reason
    from {{ ref('int_trial_conversions') }}
    where
        status != 'ok'
        and not starts_with(status, 'impossible: ')
        and row_number not in (select used.row_number from used_as_rates as used)

    union all

    select
        sheet,
        row_number,
        row_id,
        reason
    from impossible
    where sheet = 'primary_studies'
),

faults as (
    select
        sheet,
        row_number,
        'fault: ' || reason as reason,
        string_agg(distinct column_name, ', ' order by column_name) as column_names
    from {{ ref('stg_sheet_faults') }}
    where severity = 'not_poolable'
    group by all
),

final as (
    select
        reasons.sheet,
        reasons.row_number,
        reasons.row_id,
        reasons.reason,
        coalesce(
            faults.column_names,
            impossible.column_names,
            case
                when starts_with(reasons.reason, 'flag: ') then 'flags'
                when starts_with(reasons.reason, 'measure is never') then 'measure'
                when starts_with(reasons.reason, 'a mean difference without') then 'measure_unit'
                when starts_with(reasons.reason, 'no point estimate') then 'estimate'
                when contains(reasons.reason, 'direction') then 'favourable_direction'
                when starts_with(reasons.reason, 'the P value is printed') then 'p_value'
                when starts_with(reasons.reason, 'only a bound') then 'p_operator'
                when starts_with(reasons.reason, 'no interval') then 'ci_low, ci_high, se, p_value'
                when starts_with(reasons.reason, 'only a range') then 'interval_kind'
                when contains(reasons.reason, 'percentage') then 'events, total, percent_low'
            end
        ) as column_names
    from reasons
    left join faults
        on
            reasons.sheet = faults.sheet
            and reasons.row_number = faults.row_number
            and reasons.reason = faults.reason
    left join impossible
        on
            reasons.sheet = impossible.sheet
            and reasons.row_number = impossible.row_number
            and reasons.reason = impossible.reason
)

select distinct * from final
