{% macro rate_fault_ctes() %}
wide_rates as (
    {{ wide_cells(
        'reported_rates',
        ['events', 'total', 'percent', 'percent_low', 'percent_high'],
        ['interval_kind', 'rate_id'],
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
        'percent_low, percent_high and interval_kind, or none of them' as expected,
        'not_poolable' as severity
    from wide_rates
    where
        (percent_low is null) != (percent_high is null)
        or (percent_low is null) != (interval_kind is null)
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
