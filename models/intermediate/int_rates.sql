-- Grain: one row per rate: a rate that a meta-analysis reports (reported_rates), or one arm of a
-- trial (primary_studies). Logit scale; nothing is dropped.
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
        total_intervention as total
    from trials
    where events_intervention is not null
    union all
    select
        *,
        comparison_id || '_control' as rate_id,
        'control' as arm,
        trial_id as cluster_id,
        events_control as events,
        total_control as total
    from trials
    where events_control is not null
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
        null as interval_kind,
        1 as n_studies,
        locator as source_locator,
        list_status,
        null as restriction,
        null as flags,
        notes,
        cast([] as varchar[]) as fault_reasons
    from trial_arms
),

-- Two of events, total and percent give the third, rounded to whole people.
completed as (
    select
        * exclude (events, total),
        events as events_reported,
        total as total_reported,
        case
            when events is not null then events
            when total is not null and percent is not null and coalesce(interval_kind, '') != 'ci95'
                then cast(round(total * percent / 100) as bigint)
        end as events,
        case
            when total is not null then total
            when events is not null and percent > 0
                then cast(round(100 * events / percent) as bigint)
        end as total
    from stacked
),

converted as (
    select
        *,
        logit_from_events(events, total) as from_counts,
        logit_from_percent_ci(
            percent,
            if(interval_kind = 'ci95', percent_low, null),
            if(interval_kind = 'ci95', percent_high, null),
            0.95
        ) as from_interval
    from completed
),

final as (
    select
        converted.source_sheet,
        converted.rate_id,
        converted.row_id,
        converted.meta_analysis_id,
        converted.cluster_id,
        converted.row_number,
        converted.condition,
        converted.outcome,
        converted.definition,
        converted.definition_class,
        converted.arm,
        converted.guidance,
        converted.comparator,
        comparators.comparator_class,
        converted.delivery,
        converted.events,
        converted.total,
        coalesce(converted.percent, 100 * converted.events / converted.total) as percent,
        converted.percent_low,
        converted.percent_high,
        converted.interval_kind,
        converted.n_studies,
        converted.source_locator,
        converted.list_status,
        converted.restriction,
        converted.flags,
        converted.notes,
        case
            when converted.from_counts.status = 'ok' then 'counts'
            when converted.from_interval.status = 'ok' then 'interval'
        end as se_source,
        case
            when converted.from_counts.status = 'ok' then converted.from_counts.yi
            when converted.from_interval.status = 'ok' then converted.from_interval.yi
        end as yi_logit,
        case
            when converted.from_counts.status = 'ok' then converted.from_counts.vi
            when converted.from_interval.status = 'ok' then converted.from_interval.vi
        end as vi_logit,
        (
            converted.restriction is null
            and coalesce(meta_analyses.eligibility, 'included') = 'included'
            and not contains(coalesce(converted.flags, ''), 'seed_text_only')
            and len({{ barring_flags('converted.flags') }}) = 0
        ) as is_reported,
        list_filter(
            [
                case
                    when converted.from_counts.status = 'ok' then converted.from_counts.assumption
                    when converted.from_interval.status = 'ok'
                        then converted.from_interval.assumption
                end,
                if(
                    converted.total is not null and converted.total_reported is null,
                    'total derived from events and percentage', null
                ),
                if(
                    converted.events is not null and converted.events_reported is null,
                    'events derived from total and percentage', null
                ),
            ],
            lambda assumption: assumption is not null
        ) as assumptions,
        list_filter(
            list_concat(
                {{ barring_flags('converted.flags') }},
                converted.fault_reasons,
                coalesce(impossible.reasons, cast([] as varchar[])),
                [
                    if(
                        converted.from_counts.status != 'ok'
                        and converted.from_interval.status != 'ok',
                        case
                            when converted.interval_kind = 'range' then 'only a range over trials'
                            when converted.interval_kind = 'ci95'
                                then
                                    'an interval that has no logit: '
                                    || converted.from_interval.status
                            when converted.percent is not null
                                then 'a percentage without counts or interval'
                            else 'no rate'
                        end,
                        null
                    ),
                ]
            ),
            lambda reason: reason is not null
        ) as not_poolable_reasons
    from converted
    left join impossible
        on
            converted.source_sheet = impossible.sheet
            and converted.row_number = impossible.row_number
    left join comparators on converted.comparator = comparators.code
    left join meta_analyses on converted.meta_analysis_id = meta_analyses.meta_analysis_id
)

select
    *,
    len(not_poolable_reasons) = 0 as is_poolable
from final
