{% macro rate_fault_ctes() %}
wide_rates as (
    {{ wide_cells(
        'reported_rates',
        [
            'events', 'total', 'percent', 'percent_low', 'percent_high', 'rate', 'rate_low', 'rate_high',
            'person_time',
        ],
        ['interval_kind', 'rate_id', 'rate_unit'],
    ) }}
),

rate_faults as (
    select
        'reported_rates' as sheet,
        row_number,
        'events' as column_name,
        printf('%g of %g', events, total) as value,
        'more events than participants' as reason,
        'events not above total' as expected,
        'reject' as severity
    from wide_rates
    where events > total

    union all

    select
        'reported_rates' as sheet,
        row_number,
        'interval_kind' as column_name,
        interval_kind as value,
        'interval and its kind do not go together' as reason,
        'both ends (percent_low and percent_high, or rate_low and rate_high) and interval_kind, or none of them' as expected,
        'not_poolable' as severity
    from wide_rates
    where
        (percent_low is null) != (percent_high is null)
        or (rate_low is null) != (rate_high is null)
        or (coalesce(percent_low, rate_low) is null) != (interval_kind is null)

    union all

    select
        'reported_rates' as sheet,
        row_number,
        'rate_unit' as column_name,
        rate_unit as value,
        if(
            rate_unit is null, 'a rate without its person-time', 'not an amount of person-time'
        ) as reason,
        'such as per 1000 person-years, per 100 person-months' as expected,
        'not_poolable' as severity
    from wide_rates
    where
        (rate_unit is not null or coalesce(rate, rate_low, rate_high, person_time) is not null)
        and {{ person_years('rate_unit') }} is null

    union all

    select
        'reported_rates' as sheet,
        row_number,
        'rate' as column_name,
        concat_ws(' ', rate, rate_unit) || ' beside ' || coalesce(percent, percent_low) || '%' as value,
        'a percentage and a rate per person-time in one row' as reason,
        'a row for each' as expected,
        'not_poolable' as severity
    from wide_rates
    where
        coalesce(percent, percent_low) is not null
        and (rate_unit is not null or coalesce(rate, rate_low, person_time) is not null)
),

wide_trials as (
    {{ wide_cells(
        'primary_studies',
        [
            'events_intervention', 'total_intervention', 'events_control', 'total_control',
            'dropout_intervention', 'randomised_intervention', 'dropout_control', 'randomised_control',
        ],
        [],
    ) }}
),

trial_faults as (
    {%- for part, whole in [
        ('events_intervention', 'total_intervention'), ('events_control', 'total_control'),
        ('dropout_intervention', 'randomised_intervention'), ('dropout_control', 'randomised_control'),
    ] %}
    select
        'primary_studies' as sheet,
        row_number,
        '{{ part }}' as column_name,
        printf('%g of %g', {{ part }}, {{ whole }}) as value,
        'more events than participants' as reason,
        '{{ part }} not above {{ whole }}' as expected,
        'reject' as severity
    from wide_trials
    where {{ part }} > {{ whole }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
