-- Grain: one row per row of a sheet whose ratio and own counts do not go together: what the counts
-- give, and which slip would explain what is printed. A ratio stands for every number that is
-- printed so; that of a pool only has to have its counts within its interval.
{% set counts = [
    'events_intervention', 'total_intervention', 'events_control', 'total_control',
] %}
with

printed as (
    {% for sheet in ['reported_effects', 'primary_studies'] %}
    select
        '{{ sheet }}' as sheet,
        *
    from ({{ printed_numbers(sheet, ['estimate']) }})
    {{ "union all" if not loop.last }}
    {% endfor %}
),

rows_of_sheets as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        measure,
        estimate,
        ci_low,
        ci_high,
        coalesce(n_comparisons, 2) > 1 as is_pooled,
        {{ counts | join(', ') }}
    from {{ ref('int_adjudicated_effects') }}

    union all

    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        coalesce(measure, if(mean_intervention is null, 'odds_ratio', null)) as measure,
        estimate,
        ci_low,
        ci_high,
        false as is_pooled,
        {{ counts | join(', ') }}
    from {{ ref('stg_extraction__primary_studies') }}
),

ratios as (
    select
        rows_of_sheets.*,
        printed.estimate_printed,
        printed.estimate_decimals,
        not coalesce(measures.is_plain_ratio, true) as is_log,
        case coalesce(measures.own_scale, 'log_' || rows_of_sheets.measure)
            when 'log_odds_ratio' then 'odds ratio'
            when 'log_risk_ratio' then 'risk ratio'
        end as ratio_kind
    from rows_of_sheets
    inner join printed
        on
            rows_of_sheets.sheet = printed.sheet
            and rows_of_sheets.row_number = printed.row_number
    left join {{ ref('int_measures') }} as measures
        on rows_of_sheets.measure = measures.measure
),

counted as (
    select
        *,
        if(ratio_kind = 'odds ratio', 'risk ratio', 'odds ratio') as other_kind,
        estimate - 0.5 * power(10, -estimate_decimals) - {{ slack() }} as estimate_low,
        estimate + 0.5 * power(10, -estimate_decimals) + {{ slack() }} as estimate_high,
        events_intervention + events_control as events,
        total_intervention + total_control as total,
        events_intervention > total_intervention
        or events_control > total_control as is_above_total
    from ratios
    where events_intervention + events_control + total_intervention + total_control is not null
),

given as (
    select
        *,
        {{ typed_ratio(ratio_of_counts(
            'ratio_kind', 'events_intervention', 'total_intervention', 'events_control',
            'total_control'
        )) }} as of_counts,
        {{ typed_ratio(
            'exp((events_intervention - total_intervention * events / total) '
            ~ '/ (total_intervention * total_control * events * (total - events) '
            ~ '/ (total ** 2 * (total - 1))))'
        ) }} as of_peto
    from counted
    where ratio_kind is not null or is_above_total
),

doubtful as (
    select
        *,
        if(is_pooled, ci_low, estimate_low) as allowed_low,
        if(is_pooled, ci_high, estimate_high) as allowed_high
    from given
    where
        is_above_total
        or coalesce(
            not (
                of_counts between if(is_pooled, ci_low, estimate_low)
                and if(is_pooled, ci_high, estimate_high)
                or of_counts between estimate_low and estimate_high
                or (ratio_kind = 'odds ratio' and of_peto between estimate_low and estimate_high)
            ),
            false
        )
),

slips as (
    select
        sheet,
        row_number,
        unnest([
            {%- for words, columns, number in ratio_slips() %}
            {
                'place': {{ loop.index }},
                'words': {{ words }},
                'columns': '{{ columns }}',
                'number': {{ number }}
            }{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as slip,
        allowed_low,
        allowed_high
    from doubtful
),

candidates as (
    select
        sheet,
        row_number,
        string_agg(slip.words, '; or ' order by slip.place) as words,
        arg_min(slip.columns, slip.place) as columns
    from slips
    where slip.number between allowed_low and allowed_high
    group by sheet, row_number
),

final as (
    select
        doubtful.sheet,
        doubtful.row_number,
        doubtful.row_id,
        case
            when is_above_total then 'events_above_total'
            when is_pooled then 'pooled_ratio_against_counts'
            when candidates.words is not null then 'ratio_slip'
            else 'ratio_against_counts'
        end as rule,
        case
            when candidates.columns is not null then candidates.columns
            when events_intervention > total_intervention
                then 'events_intervention, total_intervention'
            when is_above_total then 'events_control, total_control'
            else 'estimate, {{ counts | join(", ") }}'
        end as columns,
        concat_ws(
            ' ',
            coalesce(ratio_kind, measure),
            coalesce(estimate_printed, cast(estimate as varchar)),
            if(
                is_pooled and ci_low is not null and ci_high is not null,
                '(' || ci_low || ' to ' || ci_high || ')', null
            ),
            'beside', events_intervention || '/' || total_intervention, 'against',
            events_control || '/' || total_control
        ) as printed,
        of_counts as implied_low,
        of_counts as implied_high,
        case
            when is_above_total then 'an arm has more events than participants'
            when is_pooled
                then
                    'the counts give ' || {{ show('of_counts') }} || ', outside the interval'
            else
                'the counts give ' || {{ show('of_counts') }} || ', which is not printed so'
        end as why,
        candidates.words as candidate
    from doubtful
    left join candidates
        on
            doubtful.sheet = candidates.sheet
            and doubtful.row_number = candidates.row_number
)

select * from final
order by sheet, row_number
