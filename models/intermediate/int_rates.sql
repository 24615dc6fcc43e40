-- Grain: one row per rate: a rate that a meta-analysis reports (reported_rates), or one arm of a
-- trial (primary_studies), which may have a percentage and a rate per person-time. A percentage
-- is on the logit scale, a rate per person-time on that of its logarithm, per person-year;
-- nothing is dropped.
with

reported as (
    select * from {{ ref('stg_extraction__reported_rates') }}
),

trials as (
    select
        rows.*,
        trial_rows.trial_id
    from {{ ref('stg_extraction__primary_studies') }} as rows
    inner join {{ ref('int_trial_rows') }} as trial_rows
        on rows.comparison_id = trial_rows.comparison_id
),

-- Arms marked as groups are of other people; what they are compared with may be the same people.
trial_arms as (
    select
        *,
        comparison_id as rate_id,
        coalesce(counted_arm, 'intervention') as arm,
        if(multiple_effects = 'groups', comparison_id, trial_id) as cluster_id,
        events_intervention as events,
        total_intervention as total,
        time_intervention as person_time
    from trials
    where events_intervention is not null
    union all
    select
        *,
        comparison_id || '_control' as rate_id,
        'control' as arm,
        trial_id as cluster_id,
        events_control as events,
        total_control as total,
        time_control as person_time
    from trials
    where events_control is not null
),

trial_rates as (
    select * replace (cast(null as double) as person_time, cast(null as varchar) as time_unit)
    from trial_arms
    where total is not null or person_time is null
    union all
    select
        * replace (
            rate_id || '_per_time' as rate_id,
            cast(null as bigint) as total,
            coalesce('per 1000 ' || time_unit, '') as time_unit
        )
    from trial_arms
    where person_time is not null
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

comparators as (
    select * from {{ ref('stg_vocabulary__comparators') }}
),

faults as (
    select
        row_number,
        list('fault: ' || reason order by column_name, reason) as fault_reasons
    from {{ ref('stg_sheet_faults') }}
    where sheet = 'reported_rates' and severity = 'not_poolable'
    group by row_number
),

impossible as (
    select * from {{ ref('int_impossible_rows') }}
),

stacked as (
    select
        'reported_rates' as source_sheet,
        reported.row_number,
        reported.rate_id,
        reported.rate_id as row_id,
        reported.meta_analysis_id,
        reported.meta_analysis_id as cluster_id,
        reported.condition,
        reported.outcome,
        reported.definition,
        reported.definition_class,
        reported.arm,
        reported.guidance,
        reported.comparator,
        meta_analyses.delivery,
        reported.events,
        reported.total,
        reported.percent,
        reported.percent_low,
        reported.percent_high,
        reported.rate,
        reported.rate_low,
        reported.rate_high,
        reported.rate_unit,
        reported.person_time,
        reported.interval_kind,
        reported.n_studies,
        reported.source_locator,
        cast(null as varchar) as list_status,
        reported.restriction,
        reported.flags,
        reported.notes,
        coalesce(faults.fault_reasons, cast([] as varchar[])) as fault_reasons
    from reported
    left join faults on reported.row_number = faults.row_number
    left join meta_analyses on reported.meta_analysis_id = meta_analyses.meta_analysis_id

    union all

    select
        'primary_studies' as source_sheet,
        row_number,
        rate_id,
        comparison_id as row_id,
        source as meta_analysis_id,
        cluster_id,
        condition,
        outcome,
        'as counted by the trial' as definition,
        definition_class,
        arm,
        guidance,
        comparator,
        delivery,
        events,
        total,
        null as percent,
        null as percent_low,
        null as percent_high,
        null as rate,
        null as rate_low,
        null as rate_high,
        nullif(time_unit, '') as rate_unit,
        person_time,
        null as interval_kind,
        1 as n_studies,
        locator as source_locator,
        list_status,
        null as restriction,
        null as flags,
        notes,
        if(
            time_unit = '', ['person-time without its unit (time_unit)'], cast([] as varchar[])
        ) as fault_reasons
    from trial_rates
),

measured as (
    select
        *,
        {{ amount_of_time('rate_unit') }} as amount,
        {{ person_years('rate_unit') }} as person_years,
        if(
            coalesce(rate, rate_low, rate_high, person_time) is null and rate_unit is null,
            'logit', 'log_incidence_rate'
        ) as scale
    from stacked
),

-- Two of events, total and percent, or of events, person-time and rate, give the third, rounded to
-- whole people and events.
completed as (
    select
        * exclude (events, total, person_time),
        events as events_reported,
        total as total_reported,
        person_time as person_time_reported,
        case
            when events is not null then events
            when coalesce(interval_kind, '') = 'ci95' then null
            when total is not null and percent is not null
                then cast(round(total * percent / 100) as bigint)
            when person_time is not null and rate is not null
                then cast(round(person_time * rate / amount) as bigint)
        end as events,
        case
            when total is not null then total
            when events is not null and percent > 0
                then cast(round(100 * events / percent) as bigint)
        end as total,
        coalesce(person_time, amount * events / nullif(rate, 0)) as person_time
    from measured
),

-- Of a pool of several trials the interval holds what varies between them, which counts do not.
converted as (
    select
        *,
        (source_sheet = 'reported_rates' and coalesce(n_studies, 0) != 1) as is_pool,
        if(
            scale = 'logit',
            logit_from_events(events, total),
            log_rate_from_events(events, person_time * person_years / amount)
        ) as from_counts,
        if(
            scale = 'logit',
            logit_from_percent_ci(
                percent,
                if(interval_kind = 'ci95', percent_low, null),
                if(interval_kind = 'ci95', percent_high, null),
                0.95
            ),
            log_ratio_from_ci(
                rate / person_years,
                if(interval_kind = 'ci95', rate_low / person_years, null),
                if(interval_kind = 'ci95', rate_high / person_years, null),
                0.95
            )
        ) as from_interval
    from completed
),

chosen as (
    select
        *,
        case
            when is_pool and from_interval.status = 'ok' then 'interval'
            when from_counts.status = 'ok' then 'counts'
            when from_interval.status = 'ok' then 'interval'
        end as se_source
    from converted
),

final as (
    select
        chosen.source_sheet,
        chosen.rate_id,
        chosen.row_id,
        chosen.meta_analysis_id,
        chosen.cluster_id,
        chosen.row_number,
        chosen.condition,
        chosen.outcome,
        chosen.definition,
        chosen.definition_class,
        chosen.arm,
        chosen.guidance,
        chosen.comparator,
        comparators.comparator_class,
        chosen.delivery,
        chosen.events,
        chosen.total,
        if(
            chosen.scale = 'logit',
            coalesce(chosen.percent, 100 * chosen.events / chosen.total), null
        ) as percent,
        chosen.percent_low,
        chosen.percent_high,
        coalesce(chosen.rate, chosen.amount * chosen.events / chosen.person_time) as rate,
        chosen.rate_low,
        chosen.rate_high,
        chosen.rate_unit,
        chosen.person_time,
        chosen.person_years,
        chosen.scale,
        chosen.interval_kind,
        chosen.n_studies,
        chosen.source_locator,
        chosen.list_status,
        chosen.restriction,
        chosen.flags,
        chosen.notes,
        chosen.se_source,
        case chosen.se_source
            when 'counts' then chosen.from_counts.yi
            when 'interval' then chosen.from_interval.yi
        end as yi,
        case chosen.se_source
            when 'counts' then chosen.from_counts.vi
            when 'interval' then chosen.from_interval.vi
        end as vi,
        {%- for limit in ['low', 'high'] %}
        if(
            chosen.interval_kind = 'ci95',
            if(
                chosen.scale = 'logit',
                {{ logit_of('chosen.percent_' ~ limit) }},
                ln(nullif(chosen.rate_{{ limit }}, 0) / chosen.person_years)
            ),
            null
        ) as ci_{{ limit }},
        {%- endfor %}
        (
            chosen.restriction is null
            and coalesce(meta_analyses.eligibility, 'included') = 'included'
            and not contains(coalesce(chosen.flags, ''), 'seed_text_only')
            and len({{ barring_flags('chosen.flags') }}) = 0
        ) as is_reported,
        list_filter(
            [
                case chosen.se_source
                    when 'counts' then chosen.from_counts.assumption
                    when 'interval' then chosen.from_interval.assumption
                end,
                if(
                    chosen.total is not null and chosen.total_reported is null,
                    'total derived from events and percentage', null
                ),
                if(
                    chosen.events is not null and chosen.events_reported is null,
                    if(
                        chosen.scale = 'logit', 'events derived from total and percentage',
                        'events derived from person-time and rate'
                    ),
                    null
                ),
                if(
                    chosen.person_time is not null and chosen.person_time_reported is null,
                    'person-time derived from events and rate', null
                ),
            ],
            lambda assumption: assumption is not null
        ) as assumptions,
        list_filter(
            list_concat(
                {{ barring_flags('chosen.flags') }},
                chosen.fault_reasons,
                coalesce(impossible.reasons, cast([] as varchar[])),
                [
                    if(
                        chosen.se_source is null,
                        case
                            when chosen.interval_kind = 'range' then 'only a range over trials'
                            when chosen.interval_kind = 'ci95'
                                then
                                    'an interval that has no '
                                    || if(chosen.scale = 'logit', 'logit: ', 'logarithm: ')
                                    || chosen.from_interval.status
                            when chosen.percent is not null
                                then 'a percentage without counts or interval'
                            when chosen.rate is not null
                                then 'a rate without its events or interval'
                            when len(chosen.fault_reasons) = 0 then 'no rate'
                        end,
                        null
                    ),
                ]
            ),
            lambda reason: reason is not null
        ) as not_poolable_reasons
    from chosen
    left join impossible
        on
            chosen.source_sheet = impossible.sheet
            and chosen.row_number = impossible.row_number
    left join comparators on chosen.comparator = comparators.code
    left join meta_analyses on chosen.meta_analysis_id = meta_analyses.meta_analysis_id
)

select
    *,
    len(not_poolable_reasons) = 0 as is_poolable
from final
