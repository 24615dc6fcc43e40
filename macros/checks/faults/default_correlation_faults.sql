{% macro default_correlation_faults(sheet, rows, handling) -%}
    select
        '{{ sheet }}' as sheet,
        row_number,
        'default_correlation' as column_name,
        cast(default_correlation as varchar) as value,
        'a default correlation goes with shared_trials_or_default, and only with it' as reason,
        if(
            {{ handling }} = 'shared_trials_or_default',
            'a fraction from 0 up to, not including, 1',
            'an empty cell'
        ) as expected,
        'reject' as severity
    from {{ rows }}
    where
        ({{ handling }} = 'shared_trials_or_default')
        != coalesce(default_correlation >= 0 and default_correlation < 1, false)
        or ({{ handling }} != 'shared_trials_or_default' and default_correlation is not null)
{%- endmacro %}
