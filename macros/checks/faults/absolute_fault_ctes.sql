{% macro absolute_fault_ctes() %}
wide_risks as (
    {{ wide_cells('baseline_risks', ['risk', 'rate'], ['rate_unit']) }}
),

wide_instruments as (
    {{ wide_cells('instruments', ['sd'], []) }}
),

absolute_faults as (
    select
        'baseline_risks' as sheet,
        row_number,
        'risk' as column_name,
        printf('%g', coalesce(risk, rate)) as value,
        if(risk is null, 'neither a risk nor a rate', 'a risk and a rate in one row') as reason,
        'a risk, or a rate with its rate_unit' as expected,
        'reject' as severity
    from wide_risks
    where (risk is null) = (rate is null)

    union all

    select
        'baseline_risks' as sheet,
        row_number,
        'risk' as column_name,
        printf('%g', risk) as value,
        'a risk at which nothing can change' as reason,
        'a fraction above 0 and below 1' as expected,
        'reject' as severity
    from wide_risks
    where risk in (0, 1)

    union all

    select
        'baseline_risks' as sheet,
        row_number,
        'rate' as column_name,
        printf('%g', rate) as value,
        'a rate at which nothing can change' as reason,
        'a rate above 0' as expected,
        'reject' as severity
    from wide_risks
    where rate = 0

    union all

    select
        'baseline_risks' as sheet,
        row_number,
        'rate_unit' as column_name,
        rate_unit as value,
        case
            when rate is null then 'a person-time without its rate'
            when rate_unit is null then 'a rate without its person-time'
            else 'not an amount of person-time'
        end as reason,
        'such as per 1000 person-years, beside a rate; else an empty cell' as expected,
        'reject' as severity
    from wide_risks
    where
        (rate is not null and {{ person_years('rate_unit') }} is null)
        or (rate is null and rate_unit is not null)

    union all

    select
        'instruments' as sheet,
        row_number,
        'sd' as column_name,
        printf('%g', sd) as value,
        'a standard deviation of nothing' as reason,
        'a number above 0' as expected,
        'reject' as severity
    from wide_instruments
    where sd = 0
)
{%- endmacro %}
