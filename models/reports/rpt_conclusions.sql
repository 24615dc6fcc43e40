-- Grain: one row per headline analysis: what to believe of its headline result, and how sure
-- to be of it.
with

headline as (
    select * from {{ ref('rpt_headline') }}
    where source = 'published'
),

analyses as (
    select
        analysis_id,
        condition as condition_id,
        headline_label,
        sort_order,
        unit,
        scale_short_label,
        shown_as,
        measure_unit,
        decimals,
        noun,
        no_effect,
        above_favours,
        above_text,
        below_text,
        side_verb
    from {{ ref('dim_analyses') }}
    where is_headline
),

bands as (
    select
        band,
        label
    from {{ ref('stg_protocol__cohen_bands') }}
),

pooled as (
    select
        found.* replace (
            {%- for value in ['estimate', 'ci_low', 'ci_high', 'pi_low', 'pi_high'] %}
            {{ display_scale('found.' ~ value, 'analyses.shown_as') }} as {{ value }}
            {{- "," if not loop.last }}
            {%- endfor %}
        )
    from {{ ref('fct_pooled_effects') }} as found
    inner join analyses on found.analysis_id = analyses.analysis_id

    union all by name

    select
        found.analysis_id,
        found.policy_id,
        found.status,
        found.k,
        found.pooled_rate as estimate,
        found.ci_low_rate as ci_low,
        found.ci_high_rate as ci_high,
        found.pi_low_rate as pi_low,
        found.pi_high_rate as pi_high,
        found.tau2 as tau2,
        found.i2_q,
        found.shown_as,
        {{ has_verdict('found.k') }} as has_verdict
    from {{ ref('fct_pooled_rates') }} as found
    inner join analyses on found.analysis_id = analyses.analysis_id
),

-- Policies that differ from recommended in their handling of overlap and in nothing else.
siblings as (
    select
        policies.policy_id,
        policies.overlap_handling,
        policies.default_correlation
    from {{ ref('dim_policies') }} as policies
    inner join {{ ref('dim_policies') }} as recommended
        on
            recommended.policy_id = 'recommended'
            and {{ has_methods_of('policies', 'recommended') }}
            and not {{ leaves_out_converted('policies') }}
    qualify
        row_number() over (
            partition by policies.overlap_handling
            order by policies.policy_id = 'recommended' desc, policies.sort_order
        ) = 1
),

variants as (
    select
        pooled.* exclude (overlap_handling, default_correlation),
        siblings.overlap_handling,
        siblings.default_correlation,
        {{ conclusion_ci('pooled', 'analyses') }} as result_text
    from pooled
    inner join siblings on pooled.policy_id = siblings.policy_id
    inner join analyses on pooled.analysis_id = analyses.analysis_id
),

overlap as (
    select * from {{ ref('fct_overlap') }}
    where
        scope_kind = 'analysis'
        and alias_handling = 'decided'
        and structural_zeros = 'possible'
        and weighting = 'none'
),

-- Certainty is the grade of the scheme that has this role; of the schemes of classes the first
-- that gives a class, else the first.
grades as (
    select grades.*
    from {{ ref('rpt_grades') }} as grades
    inner join {{ ref('dim_grading_schemes') }} as schemes
        on grades.scheme = schemes.scheme
    where
        grades.policy_id = 'recommended'
        and (grades.scheme_kind = 'class' or schemes.role = 'certainty')
    qualify
        row_number() over (
            partition by grades.analysis_id, grades.scheme_kind
            order by grades.grade is null, grades.scheme_order, grades.scheme
        ) = 1
),

other_grades as (
    select
        grades.analysis_id,
        string_agg(
            all_grades.scheme_label || ': '
            || coalesce(all_grades.grade_label, all_grades.status_text),
            '; ' order by all_grades.scheme_order
        ) as words
    from {{ ref('rpt_grades') }} as all_grades
    inner join grades
        on
            all_grades.analysis_id = grades.analysis_id
            and all_grades.scheme_kind = grades.scheme_kind
            and all_grades.scheme != grades.scheme
    where all_grades.policy_id = 'recommended' and all_grades.status != 'not_applicable'
    group by grades.analysis_id
),

-- Mean estimates with the options of the choice in which they differ most.
strongest as (
    select
        analysis_id,
        max(mean_estimate) as highest,
        min(mean_estimate) as lowest
    from {{ ref('fct_multiverse_choices') }}
    where choice_rank = 1
    group by analysis_id
),

joined as (
    select
        analyses.*,
        headline.k as published_k,
        headline.estimate as published_estimate,
        headline.ci_low as published_ci_low,
        headline.ci_high as published_ci_high,
        headline.p_printed as published_p,
        headline.note as published_note,
        recommended.status,
        recommended.k,
        recommended.estimate,
        recommended.ci_low,
        recommended.ci_high,
        recommended.p_value,
        recommended.side,
        recommended.cohen_band,
        bands.label as cohen_label,
        recommended.pi_low,
        recommended.pi_high,
        recommended.i2_q as i2_percent,
        recommended.tau2,
        recommended.n_pairs,
        independent.estimate as independent_estimate,
        independent.ci_low as independent_ci_low,
        independent.ci_high as independent_ci_high,
        independent.result_text as independent_text,
        aware.estimate as overlap_aware_estimate,
        aware.ci_low as overlap_aware_ci_low,
        aware.ci_high as overlap_aware_ci_high,
        aware.result_text as overlap_aware_text,
        coalesce(aware.n_pairs_known, assumed.n_pairs_known) as n_pairs_known,
        coalesce(aware.n_pairs_partly_known, assumed.n_pairs_partly_known)
            as n_pairs_partly_known,
        coalesce(aware.n_pairs_sharing, assumed.n_pairs_sharing) as n_pairs_sharing,
        assumed.estimate as assumed_overlap_estimate,
        assumed.ci_low as assumed_overlap_ci_low,
        assumed.ci_high as assumed_overlap_ci_high,
        assumed.default_correlation as assumed_correlation,
        assumed.result_text as assumed_overlap_text,
        overlap.c as n_lists,
        overlap.n_partial_lists,
        overlap.n_without_list,
        overlap.cca as cca_percent,
        overlap.band as cca_band,
        multiverse.status as multiverse_status,
        multiverse.n_specifications,
        multiverse.n_with_estimate,
        multiverse.n_with_interval,
        {{ shown_value('multiverse.estimate_min', 'analyses.shown_as') }} as estimate_min,
        {{ shown_value('multiverse.estimate_max', 'analyses.shown_as') }} as estimate_max,
        multiverse.share_same_sign,
        multiverse.share_same_side,
        multiverse.share_same_band,
        multiverse.share_above,
        multiverse.share_neither,
        multiverse.share_below,
        multiverse.n_results,
        multiverse.n_results_above,
        multiverse.n_results_neither,
        multiverse.n_results_below,
        multiverse.n_results_within_interval,
        multiverse.strongest_choice,
        if(
            analyses.shown_as = 'exp',
            exp(strongest.highest - strongest.lowest),
            {{ shown_value('strongest.highest', 'analyses.shown_as') }}
            - {{ shown_value('strongest.lowest', 'analyses.shown_as') }}
        ) as strongest_difference,
        concordance.verdict as concordance,
        concordance.n_estimates_above,
        concordance.n_estimates_below,
        concordance.n_above,
        concordance.n_below,
        concordance.summary as concordance_text,
        classes.scheme as class_scheme,
        classes.scheme_label as class_scheme_label,
        classes.status as class_status,
        classes.grade as evidence_class,
        classes.grade_label as class_label,
        classes.best_label as class_best,
        classes.worst_label as class_worst,
        classes.short_reason as class_reason,
        classes.next_grade_text as class_next,
        classes.status_text as class_status_text,
        certainty.scheme as grade_scheme,
        certainty.scheme_label as grade_scheme_label,
        certainty.status as grade_status,
        certainty.grade,
        certainty.grade_label,
        certainty.symbols as grade_symbols,
        certainty.best_label as grade_best,
        if(
            certainty.grade_label is null and certainty.worst_label = certainty.best_label,
            lower(certainty.worst_label),
            null
        ) as sole_grade,
        certainty.worst_label as grade_worst,
        certainty.short_reason as grade_reason,
        certainty.next_grade_text as grade_next,
        certainty.status_text as grade_status_text,
        other_grades.words || '.' as other_grades_text,
        case
            when analyses.no_effect is not null then fragility.fragility_text
            when recommended.k > 1
                then
                    'A rate of one group has no value of no effect, so no single decision can turn '
                    || 'it, and what the rounding of printed numbers leaves open is not followed; '
                    || 'how far it moves without each ' || review.member_word || ' is shown below.'
        end as fragility_text,
        fragility.short_text as fragility_short,
        recommended.has_verdict,
        few.few_members_text,
        conversions.converted_text,
        {{ display_scale('trials.trial_pi_low', 'analyses.shown_as') }} as trial_pi_low,
        {{ display_scale('trials.trial_pi_high', 'analyses.shown_as') }} as trial_pi_high,
        trials.k_with_i2,
        review.member_word,
        review.members_word,
        review.study_word,
        review.studies_word,
        {{ conclusion_ci('headline', 'analyses') }} as published_result,
        {{ conclusion_ci('recommended', 'analyses') }} as result_text
    from analyses
    inner join pooled as recommended
        on
            analyses.analysis_id = recommended.analysis_id
            and recommended.policy_id = 'recommended'
    left join headline on analyses.analysis_id = headline.analysis_id
    left join bands on recommended.cohen_band = bands.band
    left join variants as independent
        on
            analyses.analysis_id = independent.analysis_id
            and independent.overlap_handling = 'none'
    left join variants as aware
        on
            analyses.analysis_id = aware.analysis_id
            and aware.overlap_handling = 'shared_trials'
    left join variants as assumed
        on
            analyses.analysis_id = assumed.analysis_id
            and assumed.overlap_handling = 'shared_trials_or_default'
    left join overlap on analyses.analysis_id = overlap.scope_id
    left join {{ ref('fct_multiverse_summary') }} as multiverse
        on analyses.analysis_id = multiverse.analysis_id
    left join strongest on analyses.analysis_id = strongest.analysis_id
    left join {{ ref('fct_concordance') }} as concordance
        on analyses.analysis_id = concordance.analysis_id
    left join grades as classes
        on analyses.analysis_id = classes.analysis_id and classes.scheme_kind = 'class'
    left join grades as certainty
        on analyses.analysis_id = certainty.analysis_id and certainty.scheme_kind = 'grade'
    left join other_grades on analyses.analysis_id = other_grades.analysis_id
    left join {{ ref('rpt_fragility_texts') }} as fragility
        on analyses.analysis_id = fragility.analysis_id
    left join {{ ref('rpt_few_members_texts') }} as few
        on analyses.analysis_id = few.analysis_id
    left join {{ ref('rpt_converted_texts') }} as conversions
        on analyses.analysis_id = conversions.analysis_id
    left join {{ ref('fct_trial_predictions') }} as trials
        on analyses.analysis_id = trials.analysis_id and trials.policy_id = 'recommended'
    cross join {{ ref('dim_review') }} as review
),

{{ with_conclusions('joined') }},

final as (
    select
        analysis_id,
        condition_id,
        headline_label,
        scale_short_label,
        decimals,
        cast(sort_order as integer) as sort_order,
        published_k,
        published_estimate,
        published_ci_low,
        published_ci_high,
        published_p,
        status,
        k,
        estimate,
        ci_low,
        ci_high,
        p_value,
        side,
        cohen_band,
        pi_low,
        pi_high,
        is_null_outside_prediction,
        trial_pi_low,
        trial_pi_high,
        k_with_i2,
        i2_percent,
        tau2,
        independent_estimate,
        independent_ci_low,
        independent_ci_high,
        overlap_aware_estimate,
        overlap_aware_ci_low,
        overlap_aware_ci_high,
        assumed_overlap_estimate,
        assumed_overlap_ci_low,
        assumed_overlap_ci_high,
        assumed_correlation,
        n_pairs,
        n_pairs_known,
        n_pairs_partly_known,
        n_pairs_sharing,
        n_lists,
        n_partial_lists,
        n_without_list,
        cca_percent,
        cca_band,
        multiverse_status,
        n_specifications,
        n_with_estimate,
        n_with_interval,
        estimate_min,
        estimate_max,
        share_same_sign,
        share_same_side,
        share_same_band,
        share_above,
        share_neither,
        share_below,
        n_results,
        n_results_above,
        n_results_neither,
        n_results_below,
        n_results_within_interval,
        strongest_choice,
        strongest_difference,
        concordance,
        n_estimates_above,
        n_above,
        class_scheme,
        class_scheme_label,
        class_status,
        evidence_class,
        class_label,
        class_best,
        class_worst,
        class_reason,
        class_next,
        grade_scheme,
        grade_scheme_label,
        grade_status,
        grade,
        grade_label,
        grade_symbols,
        grade_best,
        grade_worst,
        grade_reason,
        grade_next,
        published_text,
        effect_text,
        few_members_text,
        fragility_text,
        prediction_text,
        converted_text,
        overlap_text,
        robustness_text,
        concordance_text,
        class_text,
        grade_text,
        other_grades_text,
        summary_text
    from concluded
)

select * from final
order by sort_order, analysis_id
