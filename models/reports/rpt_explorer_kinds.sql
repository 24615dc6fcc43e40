-- Grain: one row per kind of analysis: those that pool the same measure of the same things.
with

analyses as (
    select
        *,
        {{ analysis_kind('analyses') }} as analysis_kind
    from {{ ref('dim_analyses') }} as analyses
),

review as (
    select * from {{ ref('dim_review') }}
),

kinds as (
    select
        analysis_kind,
        any_value(unit) as unit,
        any_value(scale) as scale,
        any_value(scale_label) as scale_label,
        any_value(scale_short_label) as short_label,
        any_value(decimals) as decimals,
        any_value(shown_as) as shown_as,
        any_value(no_effect) as no_effect,
        any_value(review_kind) as review_kind,
        any_value(conversions) as conversions,
        any_value(baseline_risk) as baseline_risk,
        any_value(network_evidence) as network_evidence,
        any_value(person_time_unit) as person_time_unit,
        min(sort_order) as first_order
    from analyses
    group by analysis_kind
),

worded as (
    select
        *,
        unit = 'trial' and count_if(unit != 'trial') over () > 0 as is_of_trials_beside,
        count(distinct review_kind) over (partition by scale) > 1 as is_of_several_kinds
    from kinds
),

sizes as (
    select
        admissible.analysis_kind,
        {{ is_sized_by_time(
            'any_value(kinds.scale)', 'count(admissible.n_participants)',
            'count(admissible.person_time)'
        ) }} as is_sized_by_time
    from {{ ref('fct_admissible_effects') }} as admissible
    inner join kinds on admissible.analysis_kind = kinds.analysis_kind
    group by admissible.analysis_kind
),

final as (
    select
        worded.analysis_kind,
        cast(row_number() over (order by worded.first_order, worded.analysis_kind) as integer)
            as kind_order,
        concat_ws(
            ', ',
            worded.scale_label,
            if(worded.is_of_trials_beside, 'trial by trial', null),
            if(worded.is_of_several_kinds, 'of ' || worded.review_kind, null),
            case worded.conversions
                when 'none' then 'nothing converted'
                when 'declared' then 'others converted'
            end,
            'baseline risk ' || printf('%g', worded.baseline_risk),
            'with ' || replace(worded.network_evidence, ';', ', ') || ' network results'
        ) as kind_label,
        worded.short_label,
        worded.decimals,
        worded.shown_as,
        worded.no_effect,
        worded.unit,
        if(sizes.is_sized_by_time, worded.person_time_unit, null) as person_time_unit,
        if(worded.is_of_trials_beside, 'trial', review.member_word) as member_word,
        if(worded.is_of_trials_beside, 'trials', review.members_word) as members_word,
        review.studies_word
    from worded
    left join sizes on worded.analysis_kind = sizes.analysis_kind
    cross join review
)

select * from final
order by kind_order
