-- Grain: one row per condition, outcome and subgroup: a line of the summary of findings.
with

analyses as (
    select
        analyses.analysis_id,
        nullif(concat_ws(', ', analyses.subgroup, analyses.selection), '') as subgroup,
        nullif(concat_ws(', ', analyses.subgroup_of_comparator, analyses.selection), '')
            as subgroup_of_table,
        analyses.comparator_class,
        analyses.comparator_words,
        analyses.claim_id,
        analyses.sort_order,
        min(analyses.sort_order) over (
            partition by analyses.condition, analyses.comparator_class
        ) as comparator_order,
        min(analyses.sort_order) over (partition by analyses.condition) as condition_order,
        conditions.code as condition_id,
        conditions.label as condition_label,
        outcomes.code as outcome,
        concat_ws(' ', outcomes.label, {{ amount_of_exposure('analyses') }}) as outcome_label,
        analyses.scale_short_label,
        analyses.decimals,
        analyses.shown_as,
        analyses.no_effect,
        analyses.measure_unit,
        analyses.quantity,
        analyses.polarity,
        analyses.noun,
        analyses.review_kind,
        analyses.above_favours,
        analyses.above_text,
        analyses.below_text,
        analyses.scale,
        analyses.unit,
        case
            when analyses.review_kind != 'interventions' or analyses.no_effect is null then null
            when analyses.timepoint = 'post' then 'after treatment'
            else 'at follow-up' || coalesce(', ' || {{ within_sentence('bands.label') }}, '')
        end as time_text,
        review.review_kind as kind_of_review,
        review.studied_word,
        review.comparison_word,
        review.member_word,
        review.members_word
    from {{ ref('dim_analyses') }} as analyses
    inner join {{ ref('stg_vocabulary__conditions') }} as conditions
        on analyses.condition = conditions.code
    inner join {{ ref('stg_vocabulary__outcomes') }} as outcomes
        on analyses.outcome = outcomes.code
    left join {{ ref('stg_protocol__months_bands') }} as bands
        on analyses.months_band = bands.band
    cross join {{ ref('dim_review') }} as review
    where
        analyses.is_headline
        or (
            analyses.unit = 'meta_analysis'
            and analyses.analysis_group in (
                'condition', 'comparator', 'secondary', 'dropout', 'adherence'
            )
        )
),

bands as (
    select
        band,
        lower(label) as size
    from {{ ref('stg_protocol__cohen_bands') }}
),

places as (
    select * from {{ ref('dim_grades') }}
),

grades as (
    select
        grades.analysis_id,
        grades.status as grade_status,
        grades.grade_label,
        grades.scheme_label,
        grades.reasons,
        best.label as best_label,
        worst.label as worst_label,
        places.place,
        places.n_grades
    from {{ ref('fct_evidence_grades') }} as grades
    inner join {{ ref('dim_grading_schemes') }} as schemes
        on grades.scheme = schemes.scheme
    left join places on grades.scheme = places.scheme and grades.grade = places.grade
    left join places as best
        on grades.scheme = best.scheme and grades.best_grade = best.grade
    left join places as worst
        on grades.scheme = worst.scheme and grades.worst_grade = worst.grade
    where
        grades.graded_kind = 'pooled_result'
        and grades.policy_id = 'recommended'
        and schemes.role = 'certainty'
),

-- What the pooled meta-analyses themselves say of how certain their results are.
reported as (
    select
        members.analysis_id,
        string_agg(
            ratings.citation_label || ' ' || replace(ratings.rating, '_', ' '),
            ', ' order by ratings.citation_label, ratings.rating
        ) as reported_certainty
    from {{ ref('fct_analysis_members') }} as members
    inner join {{ ref('fct_reported_certainty') }} as ratings
        on members.effect_id = ratings.effect_id
    where
        members.source_sheet = 'reported_effects'
        and members.policy_id = 'recommended'
        and members.is_member
        and ratings.is_rated_by_source
    group by members.analysis_id
),

-- The first risk that is stated for people goes into the sentence, named where there are others.
risks as (
    select
        *,
        if(count(*) over (partition by analysis_id) > 1, label, null) as risk_label
    from {{ ref('rpt_absolute_effects') }}
    where way = 'risk' and unit = 'per 1000 people'
    qualify row_order = 1
),

effects as (
    select
        analyses.*,
        analyses.scale_short_label as measure,
        pooled.status,
        pooled.k,
        pooled.n_studies as n_trials,
        pooled.k_with_n_studies as k_with_n_trials,
        pooled.n_participants,
        pooled.k_with_n_participants,
        pooled.person_time,
        pooled.k_with_person_time,
        pooled.person_time_unit,
        {{ display_scale('pooled.estimate', 'analyses.shown_as') }} as estimate,
        {{ display_scale('pooled.ci_low', 'analyses.shown_as') }} as ci_low,
        {{ display_scale('pooled.ci_high', 'analyses.shown_as') }} as ci_high,
        {{ display_scale('pooled.pi_low', 'analyses.shown_as') }} as pi_low,
        {{ display_scale('pooled.pi_high', 'analyses.shown_as') }} as pi_high,
        pooled.side,
        pooled.cohen_band,
        pooled.has_verdict,
        concordance.n_estimates_above,
        concordance.n_estimates_below,
        concordance.n_above,
        concordance.n_below
    from analyses
    inner join {{ ref('fct_pooled_effects') }} as pooled
        on analyses.analysis_id = pooled.analysis_id
    left join {{ ref('fct_concordance') }} as concordance
        on analyses.analysis_id = concordance.analysis_id
    where pooled.policy_id = 'recommended'
),

rates as (
    select
        analyses.*,
        analyses.scale_short_label as measure,
        pooled.status,
        if(pooled.pooled_rate is null, pooled.k_reported, pooled.k) as k,
        cast(null as bigint) as n_trials,
        cast(null as bigint) as k_with_n_trials,
        pooled.n_participants,
        pooled.k_with_n_participants,
        pooled.person_time,
        pooled.k_with_person_time,
        pooled.person_time_unit,
        pooled.pooled_rate as estimate,
        pooled.ci_low_rate as ci_low,
        pooled.ci_high_rate as ci_high,
        if(pooled.pooled_rate is null, pooled.range_low_rate, null) as range_low,
        if(pooled.pooled_rate is null, pooled.range_high_rate, null) as range_high,
        pooled.pi_low_rate as pi_low,
        pooled.pi_high_rate as pi_high,
        cast(null as varchar) as side,
        cast(null as varchar) as cohen_band
    from analyses
    inner join {{ ref('fct_pooled_rates') }} as pooled
        on analyses.analysis_id = pooled.analysis_id
    where pooled.policy_id = 'recommended'
),

found as (
    select * from effects
    union all by name
    select * from rates
),

graded as (
    select
        found.*,
        bands.size,
        reported.reported_certainty,
        grades.grade_label,
        if(
            grades.grade_label is null and grades.worst_label = grades.best_label,
            lower(grades.worst_label),
            null
        ) as sole_grade,
        grades.scheme_label as grade_scheme_label,
        case
            when grades.grade_label is not null then lower(grades.grade_label)
            when grades.grade_status = 'not_assessable' and grades.best_label is null
                then 'not judged: no rule is for this measure'
            when grades.grade_status = 'not_assessable'
                then
                    coalesce(
                        {{ sole_grade() }},
                        'not judged: between ' || lower(grades.worst_label) || ' and '
                        || lower(grades.best_label) || ' possible'
                    )
            else 'not graded'
        end as certainty_text,
        if(
            found.no_effect is null and grades.grade_label is null,
            null,
            {{ true_minus("replace(grades.reasons, '_', ' ')") }}
        ) as grade_reasons,
        grades.place,
        grades.n_grades,
        {{ certainty_symbols('grades.place', 'grades.n_grades') }} as grade_symbols,
        {% for value in ['measure', 'estimate', 'ci_low', 'ci_high'] -%}
        if(found.status = 'no_data', claims.{{ value }}, null) as published_{{ value }},
        {% endfor -%}
        risks.risk_label,
        risks.decimals as risk_decimals,
        risks.assumed as assumed_risk,
        risks.corresponding as risk,
        risks.corresponding_low as risk_low,
        risks.corresponding_high as risk_high
    from found
    left join bands on found.cohen_band = bands.band
    left join reported on found.analysis_id = reported.analysis_id
    left join grades on found.analysis_id = grades.analysis_id
    left join {{ ref('stg_published__claims') }} as claims on found.claim_id = claims.claim_id
    left join risks on found.analysis_id = risks.analysis_id
),

{{ with_sentences('graded') }},

final as (
    select
        analysis_id,
        condition_id,
        condition_label,
        outcome,
        outcome_label,
        comparator_class,
        dense_rank() over (
            order by
                condition_order, condition_id, comparator_class is not null, comparator_order,
                comparator_class
        ) as table_order,
        if(
            bool_and(no_effect is null) over (partition by condition_id, comparator_class)
            or kind_of_review = 'prevalence',
            condition_label,
            {{ in_sentence_case('studied_word') }} || ' compared with '
            || coalesce(comparator_words, comparison_word)
            || if(kind_of_review = 'interventions', ' for ', ': ')
            || {{ within_sentence('condition_label') }}
        ) as table_title,
        time_text,
        -- Lines that nothing else tells apart say their measure and unit; rates are apart anyway.
        nullif(
            concat_ws(
                ', ',
                subgroup,
                if(count(distinct measure) over of_one_name > 1, measure, null),
                if(count(distinct measure_unit) over of_one_name > 1, 'in ' || measure_unit, null)
            ),
            ''
        ) as subgroup,
        nullif(
            concat_ws(
                ', ',
                subgroup_of_table,
                if(count(distinct measure) over of_one_name > 1, measure, null),
                if(count(distinct measure_unit) over of_one_name > 1, 'in ' || measure_unit, null)
            ),
            ''
        ) as subgroup_of_table,
        cast(
            row_number() over (
                order by
                    condition_order, condition_id, comparator_class is not null,
                    comparator_order, comparator_class, sort_order, analysis_id
            ) as integer
        ) as row_order,
        unit,
        measure,
        decimals,
        status,
        cast(k as integer) as k,
        cast(n_trials as bigint) as n_trials,
        cast(k_with_n_trials as integer) as k_with_n_trials,
        cast(n_participants as bigint) as n_participants,
        cast(k_with_n_participants as integer) as k_with_n_participants,
        person_time,
        k_with_person_time,
        person_time_unit,
        estimate,
        ci_low,
        ci_high,
        pi_low,
        pi_high,
        range_low,
        range_high,
        side,
        cohen_band,
        certainty_text,
        reported_certainty,
        grade_label,
        grade_symbols,
        grade_scheme_label,
        grade_reasons,
        published_measure,
        published_estimate,
        published_ci_low,
        published_ci_high,
        sentence as finding
    from said
    window of_one_name as (
        partition by condition_id, outcome_label, subgroup, no_effect is null
    )
)

select * from final
order by row_order
