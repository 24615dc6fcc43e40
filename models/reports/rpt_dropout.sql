-- Grain: one row per analysis of a rate, such as prevalence, dropout, adherence or incidence.
with

rates as (
    select * from {{ ref('fct_pooled_rates') }}
    where policy_id = 'recommended'
),

analyses as (
    select * from {{ ref('dim_analyses') }}
),

outcomes as (
    select * from {{ ref('stg_vocabulary__outcomes') }}
),

counts as (
    select * from {{ ref('stg_published__counts') }}
),

audit as (
    select * from {{ ref('fct_claim_audit') }}
    where subject_kind = 'count'
),

members as (
    select
        entries.analysis_id,
        rates_read.flags,
        rates_read.list_status,
        definitions.label as definition_label
    from {{ ref('fct_analysis_members') }} as entries
    inner join {{ ref('fct_rates') }} as rates_read
        on
            entries.effect_id = rates_read.rate_id
            and entries.source_sheet = rates_read.source_sheet
    left join {{ ref('stg_vocabulary__rate_definitions') }} as definitions
        on rates_read.definition_class = definitions.code
    where entries.is_member and entries.policy_id = 'recommended'
),

partial_lists as (
    select
        analysis_id,
        count(*) as n
    from members
    where list_status = 'partial'
    group by analysis_id
),

-- What is counted differently and still pooled together.
definition_counts as (
    select
        analysis_id,
        definition_label,
        count(*) as n
    from members
    where definition_label is not null
    group by analysis_id, definition_label
),

mixed_definitions as (
    select
        analysis_id,
        string_agg(
            {{ within_sentence('definition_label') }} || ' (' || n || ')', ', '
            order by n desc, definition_label
        ) as words
    from definition_counts
    group by analysis_id
    having count(*) > 1
),

flags as (
    select distinct
        analysis_id,
        unnest(string_split(flags, '; ')) as flag
    from members
),

flag_words as (
    select
        analysis_id,
        string_agg(
            {{ flag_in_words('flag') }},
            ', '
            order by flag
        ) as words
    from flags
    group by analysis_id
),

named as (
    select distinct
        rates.outcome,
        outcomes.role
    from rates
    left join outcomes on rates.outcome = outcomes.code
),

-- Figures across conditions are named after an outcome or its role. What no figure of its measure
-- is named after joins one that is named after none, else the first that is not that of dropout.
overviews as (
    select
        figure_id,
        measure,
        coalesce(
            figure_id in (select outcome from named) or figure_id in (select role from named),
            false
        ) as is_of_outcome
    from {{ ref('dim_figures') }}
    where figure_kind = 'dropout' and condition is null
),

fallback as (
    select
        measure,
        arg_min(figure_id, (is_of_outcome, figure_id = 'dropout', figure_id)) as figure_id
    from overviews
    group by measure
),

described as (
    select
        rates.analysis_id,
        rates.analysis_label
        || if(
            analyses.subgroup is not null
            and count(*) over (partition by rates.outcome, rates.analysis_label) > 1,
            ' (' || analyses.subgroup || ')',
            ''
        ) as label,
        rates.condition,
        cast(analyses.sort_order as integer) as sort_order,
        case
            when rates.arm != 'intervention' then 'Other arms'
            when rates.condition is not null then 'By ' || review.condition_word
            when rates.guidance is not null then 'By guidance'
            when rates.delivery is not null then 'By delivery'
            when rates.definition_class is not null then 'By definition'
            else 'Overall'
        end as group_label,
        case
            when rates.arm != 'intervention' then 6
            when rates.condition is not null then 2
            when rates.guidance is not null then 3
            when rates.delivery is not null then 4
            when rates.definition_class is not null then 5
            else 1
        end as group_order,
        rates.condition is null and analyses.subgroup is null as is_overall,
        coalesce(overviews.figure_id, overviews_by_role.figure_id, fallback.figure_id)
            as overview_figure_id,
        rates.outcome,
        outcomes.label as outcome_label,
        outcomes.role as outcome_role,
        analyses.scale_short_label as measure,
        analyses.scale_label,
        analyses.decimals,
        rates.analysis_group,
        rates.k,
        rates.events,
        if(
            rates.scale = 'logit',
            rates.total,
            cast(
                round(rates.person_years / {{ years_of_time('rates.measure_unit') }}) as bigint
            )
        ) as total,
        analyses.person_time_unit,
        rates.crude_rate,
        rates.crude_ci_low_rate as crude_low,
        rates.crude_ci_high_rate as crude_high,
        rates.pooled_rate,
        rates.ci_low_rate as pooled_low,
        rates.ci_high_rate as pooled_high,
        rates.pi_low_rate as pi_low,
        rates.pi_high_rate as pi_high,
        if(rates.shown_as = 'expit', counts.percent, null) as published_percent,
        if(counts.interval_kind = 'range', counts.range_low, null) as published_range_low,
        if(counts.interval_kind = 'range', counts.range_high, null) as published_range_high,
        {{ true_minus('audit.conflicts') }} as published_conflict,
        rates.range_low_rate as range_low,
        rates.range_high_rate as range_high,
        rates.k_reported,
        rates.status,
        nullif(concat_ws(
            '; ',
            case
                when rates.k > 1 then null
                when rates.k = 1
                    then
                        'One ' || if(rates.unit = 'trial', 'trial', '[[member]]') || ': not pooled'
                when rates.k_reported > 0 and rates.range_low_rate < rates.range_high_rate
                    then
                        'No rate with counts or an interval; the range is over the rates as '
                        || 'reported'
                when rates.k_reported > 0
                    then 'No rate with counts or an interval; the band is the one rate reported'
                else 'No usable rate in this extraction'
            end,
            if(
                rates.k_crude between 1 and rates.k - 1,
                'counts known for ' || rates.k_crude || ' of ' || rates.k,
                null
            ),
            if(
                rates.n_flagged_members > 0,
                rates.n_flagged_members || ' of ' || rates.k || ' flagged ('
                || flag_words.words || ')',
                null
            ),
            partial_lists.n || ' of ' || rates.k || ' from a table that was read in part: the '
            || 'trials not read are missing here',
            'counted in different ways: ' || mixed_definitions.words,
            if(
                counts.interval_kind = 'range',
                'published range ' || counts.range_low_printed || ' to '
                || counts.range_high_printed || '%',
                null
            )
        ), '') as remark
    from rates
    inner join analyses on rates.analysis_id = analyses.analysis_id
    cross join {{ ref('dim_review') }} as review
    left join outcomes on rates.outcome = outcomes.code
    left join fallback on analyses.scale_short_label = fallback.measure
    left join overviews
        on rates.outcome = overviews.figure_id and analyses.scale_short_label = overviews.measure
    left join overviews as overviews_by_role
        on
            outcomes.role = overviews_by_role.figure_id
            and analyses.scale_short_label = overviews_by_role.measure
    left join counts on analyses.count_id = counts.count_id
    left join audit on analyses.count_id = audit.subject_id
    left join partial_lists on rates.analysis_id = partial_lists.analysis_id
    left join mixed_definitions on rates.analysis_id = mixed_definitions.analysis_id
    left join flag_words on rates.analysis_id = flag_words.analysis_id
),

final as (
    select
        * exclude (remark),
        upper(left(remark, 1)) || substr(remark, 2) as note
    from described
)

select final.* replace ({{ review_words('final.note') }} as note)
from final
cross join {{ ref('dim_review') }} as review
order by sort_order
