-- Grain: one row per analysis of a rate: dropout, adherence or completion.
with

rates as (
    select * from {{ ref('fct_pooled_rates') }}
    where policy_id = 'recommended'
),

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

counts as (
    select * from {{ ref('stg_published__counts') }}
),

described as (
    select
        rates.analysis_id,
        rates.analysis_label as label,
        cast(analyses.sort_order as integer) as sort_order,
        case
            when rates.condition is not null then 'By condition'
            when rates.guidance is not null then 'By guidance'
            else 'Overall'
        end as group_label,
        rates.outcome,
        rates.analysis_group,
        rates.k,
        rates.events,
        rates.total,
        rates.crude_percent,
        rates.crude_ci_low_percent as crude_low,
        rates.crude_ci_high_percent as crude_high,
        rates.pooled_percent,
        rates.ci_low_percent as pooled_low,
        rates.ci_high_percent as pooled_high,
        rates.pi_low_percent as pi_low,
        rates.pi_high_percent as pi_high,
        counts.percent as published_percent,
        rates.range_low_percent as range_low,
        rates.range_high_percent as range_high,
        rates.k_reported,
        rates.status,
        nullif(concat_ws(
            '; ',
            case
                when rates.k > 1 then null
                when rates.k = 1 then 'One ' || replace(rates.unit, '_', '-') || ': not pooled'
                when rates.k_reported > 0
                    then
                        'No rate with counts or an interval; the range is over the rates as '
                        || 'reported'
                else 'No rate in this extraction'
            end,
            if(
                rates.n_flagged_members > 0,
                rates.n_flagged_members || ' of ' || rates.k
                || ' with a flag in the sheet (see fct_rates)',
                null
            ),
            if(
                counts.interval_kind = 'range',
                'published range ' || counts.range_low_printed || ' to '
                || counts.range_high_printed || '%',
                null
            )
        ), '') as remark
    from rates
    inner join analyses on rates.analysis_id = analyses.analysis_id
    left join counts on analyses.count_id = counts.count_id
),

final as (
    select
        * exclude (remark),
        upper(left(remark, 1)) || substr(remark, 2) as note
    from described
)

select * from final
order by sort_order
