-- Grain: one row per graded result, with everything the schemes look at: each input is a struct of
-- value, bound (exact, at_least, at_most), basis and missing_reason. Two kinds of results: pooled
-- ones, whose units are meta-analyses or trials, and effects as their meta-analysis reports them.
-- Inputs that need the trials of a meta-analysis come, for the second kind, from the pool of its
-- trials where the sheet primary_studies holds them: by the first rule of trial_rules, under
-- recommended.
with

results as (
    select * from {{ ref('int_pooled_effects') }}
    where policy_id in ('seed_paper', 'recommended')
),

pooled as (
    select * from results
    where not {{ is_of_rates('scale') }}
),

candidates as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member and source_sheet = 'reported_effects'
),

effects as (
    select * from {{ ref('int_effects') }}
),

counts as (
    select
        effect_id,
        n_intervention,
        {{ least_of(['n_intervention', 'n_control']) }} as n_smaller_arm
    from {{ ref('int_adjudicated_effects') }}
    where n_intervention is not null
),

margins as (
    select * from {{ ref('stg_protocol__grading_margins') }}
),

fits as (
    select * from {{ ref('int_grading_fits') }}
),

rounding as (
    select * from {{ ref('int_effect_rounding') }}
),

ranges as (
    select * from {{ ref('int_rounding_ranges') }}
),

printed as (
    select * from {{ ref('int_printed_inputs') }}
),

first_four as (
    select
        meta_analysis_id,
        count_if(answer = 'yes') as n_yes
    from {{ ref('int_quality_items') }}
    where tool = 'amstar' and item <= 4
    group by meta_analysis_id
    having count(answer) = 4
),

judgements as (
    pivot (
        select
            analysis_id,
            domain,
            {
                'levels': levels, 'reasons': reasons, 'missing_reason': missing_reason
            } as judged
        from {{ ref('int_grade_judgements') }}
    )
    on domain in (
        'risk_of_bias', 'inconsistency', 'indirectness', 'imprecision', 'publication_bias',
        'upgrade'
    )
    using any_value(judged)
    group by analysis_id
),

members as (
    select
        candidates.*,
        effects.condition,
        effects.n_comparisons,
        coalesce(
            printed.n_cases.value,
            if(effects.measure_family = 'smd', counts.n_intervention, null)
        ) as n_cases,
        counts.n_smaller_arm,
        first_four.n_yes as amstar_first_four
    from candidates
    inner join effects on candidates.effect_id = effects.effect_id
    inner join printed on candidates.effect_id = printed.effect_id
    left join counts on candidates.effect_id = counts.effect_id
    left join first_four on candidates.meta_analysis_id = first_four.meta_analysis_id
),

-- The largest member is the most precise one.
pooled_members as (
    select
        pooled.pooled_id,
        false as is_of_trials,
        max(members.n_comparisons) as n_comparisons,
        max(members.n_participants) as n_participants,
        max(members.n_cases) as n_cases,
        max(members.n_smaller_arm) as n_smaller_arm,
        arg_min(members.ci_low, (members.vi, members.effect_id)) as largest_ci_low,
        arg_min(members.ci_high, (members.vi, members.effect_id)) as largest_ci_high,
        arg_min(members.effect_id, (members.vi, members.effect_id)) as largest_id,
        largest_id as largest_label,
        100 * avg(
            cast(
                if(pooled.estimate > 0, members.ci_high < 0, members.ci_low > 0) as integer
            )
        ) as contradicting_share,
        min(members.amstar_first_four) as amstar_first_four,
        count(members.amstar_first_four) as n_rated
    from pooled
    inner join members on pooled.analysis_id = members.analysis_id
    group by pooled.pooled_id

    union all by name

    select * from {{ ref('int_trial_members_graded') }}
),

pooled_described as (
    select
        pooled.*,
        {{ outcome_kind('pooled.scale', 'pooled.shown_as') }} as outcome_kind,
        if(
            pooled.k > 1 and not coalesce(pooled_members.are_people_known, false),
            'at_least',
            'exact'
        ) as bound_of_people,
        pooled_members.* exclude (pooled_id, n_participants, are_people_known),
        pooled_members.n_participants as n_largest,
        fits.egger,
        fits.excess,
        fits.excess_most,
        fits.excess_fewest,
        fits.tess_psst_either_side,
        fits.tess_psst_most,
        fits.tess_psst_fewest,
        if(pooled_members.is_of_trials, 0, rounding.limit_shift) as limit_shift,
        judgements.* exclude (analysis_id),
        margins.equivalence_margin,
        margins.large_effect,
        ranges.* exclude (analysis_id, policy_id)
    from pooled
    left join pooled_members on pooled.pooled_id = pooled_members.pooled_id
    left join fits
        on pooled.analysis_id = fits.analysis_id and pooled.policy_id = fits.policy_id
    left join rounding on pooled_members.largest_id = rounding.effect_id
    left join ranges
        on pooled.analysis_id = ranges.analysis_id and pooled.policy_id = ranges.policy_id
    left join judgements on pooled.analysis_id = judgements.analysis_id
    left join margins
        on {{ margin_kind('pooled.scale', 'pooled.shown_as') }} = margins.outcome_kind
),

{% set people = "if(is_of_trials, 'sum over its trials', if(k > 1, 'the largest number that a "
    ~ "member reports; a sum would count shared "
    ~ "trials twice', 'as reported'))" %}
{% set people_source = "if(is_of_trials, 'computed', 'reported')" %}
{% set judged_domains = [
    'risk_of_bias', 'inconsistency', 'indirectness', 'imprecision', 'publication_bias', 'upgrade',
] %}
{% set computable_domains = ['inconsistency', 'imprecision', 'publication_bias'] %}
{% set judged_inputs %}
        {{ grading_input(
            'indirectness.levels',
            "'judged by the team: ' || indirectness.reasons",
            "coalesce(indirectness.missing_reason, 'the team has not judged it')",
            source="'judged'",
        ) }} as indirectness,
        {% for domain in judged_domains if domain != 'upgrade' %}
        {{ grading_input(
            domain ~ '.levels',
            "'judged by the team: ' || " ~ domain ~ '.reasons',
            'coalesce(' ~ domain ~ ".missing_reason, 'the team has not judged it')",
            source="'judged'",
        ) }} as judged_{{ domain }},
        {% endfor %}
        -- No row means no reason to raise the certainty.
        {{ grading_input(
            'coalesce(upgrade.levels, if(upgrade.missing_reason is null, 0, null))',
            "coalesce('judged by the team: ' || upgrade.reasons, 'no reason to upgrade was given')",
            'upgrade.missing_reason',
            source="'judged'",
        ) }} as judged_upgrade,
{% endset %}
{% set no_people = "'no member reports it'" %}
{% set units = "if(is_of_trials, ' over trials', ' over [[members]], not [[studies]]')" %}
{% set of_trials = "'from the pool of its ' || k_trials || ' [[studies]]'" %}
{% set no_trials = "if(k_trials is null, 'not reported, and the [[studies]] of the [[member]] are "
    ~ "not listed', "
    ~ "'the [[studies]] of the [[member]] do not give it')" %}
pooled_inputs as (
    select
        pooled_id as graded_id,
        'pooled_result' as graded_kind,
        analysis_id,
        policy_id,
        cast(null as varchar) as effect_id,
        cast(null as varchar) as meta_analysis_id,
        analysis_label as label,
        analysis_group,
        condition,
        scale,
        outcome_kind,
        k,
        estimate,
        ci_low,
        ci_high,
        if(k = 1 and not is_of_trials, largest_id, null) as only_effect_id,
        {{ grading_input(
            'p_value',
            "'test of the pooled effect'",
            "'no pooled effect'",
            low='p_value_min',
            high='p_value_max',
        ) }} as p_value,
        {{ grading_input(
            'i2_q',
            "'I² from Q' || " ~ units,
            "'fewer than two [[members]]'",
            low='i2_q_min',
            high='i2_q_max',
        ) }} as i2,
        {{ grading_input(
            'nullif(k, 0)',
            "if(is_of_trials, 'trials pooled', '[[members]] pooled')",
            "'no [[member]]'",
        ) }}
            as k_units,
        -- Criteria about the number of studies mean trials.
        {{ grading_input(
            'n_comparisons',
            people,
            "'no member reports how many comparisons it pools'",
            'bound_of_people',
            source=people_source,
        ) }} as k_studies,
        {{ grading_input(
            'n_cases',
            people,
            "'no member reports its cases'",
            'bound_of_people',
            source=people_source,
        ) }} as n_cases,
        {{ grading_input(
            'n_largest',
            people,
            no_people,
            'bound_of_people',
            source=people_source,
        ) }} as n_participants,
        {{ grading_input(
            'n_smaller_arm',
            people,
            "'no member reports the size of both arms'",
            'bound_of_people',
            source=people_source,
        ) }} as n_smaller_arm,
        {{ grading_input(
            greatest_of(['pi_low', '-pi_high']),
            "'prediction interval' || " ~ units,
            "'no prediction interval: too few [[members]]'",
            low=greatest_of(['pi_low_min', '-pi_high_max']),
            high=greatest_of(['pi_low_max', '-pi_high_min']),
        ) }} as pi_distance,
        {{ grading_input(
            'if(estimate > 0, largest_ci_low, -largest_ci_high)',
            "if(is_of_trials, 'largest trial: ', 'most precise [[member]]: ') || largest_label",
            "'no member'",
            low='if(estimate > 0, largest_ci_low, -largest_ci_high) - limit_shift',
            high='if(estimate > 0, largest_ci_low, -largest_ci_high) + limit_shift',
        ) }} as largest_distance,
        {{ grading_input(
            'cast(null as double)',
            "''",
            "'the largest study is compared for reported effects alone'",
        ) }} as beyond_largest,
        {{ grading_input(
            'egger.p_value',
            "'Egger''s test' || " ~ units,
            "'Egger''s test: ' || egger.status",
            low='egger_p_min',
            high='egger_p_max',
        ) }} as egger_p,
        {{ grading_input(
            'excess.p_exact',
            "'exact test of excess significance' || " ~ units,
            "'excess significance: ' || excess.status",
            low='excess_most.p_exact',
            high='excess_fewest.p_exact',
        ) }} as excess_p,
        {{ grading_input(
            'tess_psst_either_side',
            "'smaller p of TESS and PSST, significant on either side,' || " ~ units,
            "'excess significance: ' || excess.status",
            low='tess_psst_most',
            high='tess_psst_fewest',
        ) }} as excess_p_tess_psst,
        {{ grading_input(
            'low_rob_share',
            "'share of the weight of its [[studies]]'",
            "'risk of bias is not known for the [[studies]] of every [[member]]'",
        ) }} as low_rob_share,
        {{ grading_input(
            'cast(null as double)',
            "''",
            "'reporting bias of the [[studies]] is not extracted'",
        ) }} as low_reporting_bias_share,
        {{ grading_input(
            'contradicting_share',
            "'members wholly on the other side of the null'",
            "'no member'",
        ) }} as contradicting_share,
        {{ grading_input(
            'if(n_rated = k, amstar_first_four, null)',
            "'lowest of its members'",
            "'AMSTAR items 1 to 4 are rated for ' || coalesce(n_rated, 0) || ' of ' || k || ' "
            ~ "members'",
            source="'judged'",
        ) }} as amstar_first_four,
        {{ judged_inputs }}
        -- Raters who differ have judged: no number speaks instead of them.
        {% for domain in computable_domains %}
        {{ grading_input(
            'cast(' ~ domain ~ ' is not null as integer)',
            "'judgements of the team'",
            "''",
            source="'judged'",
        ) }} as has_judged_{{ domain }},
        {% endfor %}
        {% for limit in ['ci_low', 'ci_high', 'pi_low', 'pi_high'] %}
        {{ grading_input(
            limit ~ ' / equivalence_margin',
            "'"
            ~ ('confidence' if 'ci' in limit else 'prediction')
            ~ " limit over the equivalence margin'",
            "'no such limit: too few [[members]]'",
            low=limit ~ '_min / equivalence_margin',
            high=limit ~ '_max / equivalence_margin',
        ) }} as {{ limit }}_margins,
        {% endfor %}
        {{ grading_input(
            'ci_low / large_effect',
            "'confidence limit over a large effect'",
            "'no pooled effect'",
            low='ci_low_min / large_effect',
            high='ci_low_max / large_effect',
        ) }} as ci_low_large,
        {{ grading_input(
            'ci_high / large_effect',
            "'confidence limit over a large effect'",
            "'no pooled effect'",
            low='ci_high_min / large_effect',
            high='ci_high_max / large_effect',
        ) }} as ci_high_large
    from pooled_described
),

-- Of a percentage of one group only what the team judged counts: thresholds are of effects.
rate_inputs as (
    select
        results.pooled_id as graded_id,
        'pooled_result' as graded_kind,
        results.analysis_id,
        results.policy_id,
        results.analysis_label as label,
        results.analysis_group,
        results.condition,
        results.scale,
        'share' as outcome_kind,
        results.k,
        results.estimate,
        results.ci_low,
        results.ci_high,
        {{ judged_inputs }}
        {% for domain in computable_domains %}
        if(
            {{ domain }} is null,
            null,
            {{ grading_input('1', "'judgements of the team'", "''", source="'judged'") }}
        ) as has_judged_{{ domain }},
        {% endfor %}
        {{ grading_input(
            'nullif(results.k, 0)',
            "if(results.k = 1, '[[member]]', '[[members]]') || ' pooled'",
            "'no [[member]]'",
        ) }} as k_units
    from results
    left join judgements on results.analysis_id = judgements.analysis_id
    where {{ is_of_rates('results.scale') }}
),

-- Effects that enter an analysis, and those whose source prints more than an effect.
graded_effects as (
    select effect_id
    from candidates
    union
    select effects.effect_id
    from effects
    inner join printed on effects.effect_id = printed.effect_id
    inner join {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
        on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    where
        printed.is_printed_for_classes
        and meta_analyses.eligibility = 'included'
        and not regexp_matches(
            array_to_string(effects.not_poolable_reasons, '; '), '(^|; )(flag|fault): '
        )
),

effects_described as (
    select
        effects.*,
        {{ outcome_kind('effects.own_scale', 'effects.shown_as') }} as outcome_kind,
        effects.own_scale as scale,
        {{ own_effect('yi', 'effects') }} as yi,
        {{ own_effect('vi', 'effects') }} as vi,
        {{ own_effect('ci_low', 'effects') }} as yi_low,
        {{ own_effect('ci_high', 'effects') }} as yi_high,
        counts.n_intervention,
        counts.n_smaller_arm,
        first_four.n_yes as amstar_first_four,
        rounding.z_min,
        rounding.z_max,
        rounding.limit_shift,
        margins.equivalence_margin,
        margins.large_effect
    from effects
    left join rounding on effects.effect_id = rounding.effect_id
    inner join graded_effects on effects.effect_id = graded_effects.effect_id
    left join counts on effects.effect_id = counts.effect_id
    left join first_four on effects.meta_analysis_id = first_four.meta_analysis_id
    left join margins
        on {{ margin_kind('effects.own_scale', 'effects.shown_as') }} = margins.outcome_kind
),

first_rule as (
    select rule_id
    from {{ ref('stg_protocol__trial_rules') }}
    qualify row_number() over (order by sort_order, rule_id) = 1
),

-- Several pools can stand for one effect, of other subtypes: the one with most trials goes first.
trial_pools as (
    select
        compared.reported_effect_id as effect_id,
        pools.*
    from {{ ref('int_trial_pool_comparison') }} as compared
    inner join {{ ref('int_trial_pools') }} as pools
        on compared.trial_pool_id = pools.trial_pool_id
    inner join first_rule on pools.rule_id = first_rule.rule_id
    where
        compared.status = 'ok'
        and pools.policy_id = 'recommended'
        and {{ is_pooled('pools.status') }}
    qualify row_number() over (
            partition by compared.reported_effect_id
            order by pools.k desc, pools.trial_pool_id
        ) = 1
),

effects_tested as (
    select
        effects_described.*,
        printed.p_half_unit,
        printed.bound_of_n_total,
        p_from_z(effects_described.yi / sqrt(effects_described.vi)) as p_of_interval,
        {% for input in [
            'i2', 'n_cases', 'pi_distance', 'largest_distance', 'beyond_largest', 'egger_p',
            'excess_p',
        ] %}
        printed.{{ input }} as printed_{{ input }},
        {% endfor %}
        if({{ is_turned('effects_described') }}, -printed.pi_high, printed.pi_low)
            as printed_pi_low,
        if({{ is_turned('effects_described') }}, -printed.pi_low, printed.pi_high)
            as printed_pi_high,
        trial_pools.k as k_trials,
        trial_pools.n_cases as n_cases_of_trials,
        trial_pools.k_with_n_cases,
        trial_pools.pi_low,
        trial_pools.pi_high,
        if(
            effects_described.yi > 0,
            trial_pools.largest_trial_ci_low,
            -trial_pools.largest_trial_ci_high
        ) as largest_distance,
        trial_pools.egger_p,
        trial_pools.excess_p_exact as excess_p,
        trial_pools.esb_p as excess_p_tess_psst,
        trial_pools.low_risk_weight_percent as low_rob_share,
        trial_pools.contradicting_percent as contradicting_share
    from effects_described
    inner join printed on effects_described.effect_id = printed.effect_id
    left join trial_pools on effects_described.effect_id = trial_pools.effect_id
),

-- The P of the interval has more digits than the printed one, and counts where it could be printed
-- so: a P of 0.001 says nothing of a threshold of 0.001, the interval does.
p_values as (
    select
        *,
        coalesce(case
            when se_source in ('p_value', 'p_bound') then false
            when p_operator = '=' then abs(p_of_interval - p_value) <= p_half_unit
            when p_operator = '<' then p_of_interval < p_value
            when p_operator = '>' then p_of_interval > p_value
            else true
        end, false) as is_p_of_interval,
        if(p_operator = '=' and p_value = 0, p_half_unit, p_value) as p_printed,
        case
            when p_operator = '=' and p_value > {{ least_p() }} then 'exact'
            when p_operator = '>' then 'above'
            else 'below'
        end as bound_of_p
    from effects_tested
),

effect_inputs as (
    select
        effect_id as graded_id,
        'reported_effect' as graded_kind,
        cast(null as varchar) as analysis_id,
        cast(null as varchar) as policy_id,
        effect_id,
        meta_analysis_id,
        effect_id as label,
        cast(null as varchar) as analysis_group,
        condition,
        scale,
        outcome_kind,
        cast(n_comparisons as integer) as k,
        yi as estimate,
        yi_low as ci_low,
        yi_high as ci_high,
        if(
            is_p_of_interval,
            {{ grading_input(
                'p_of_interval',
                "'normal test from estimate and standard error' || coalesce(', with which the "
                ~ "printed P agrees: ' || p_operator || ' ' || p_value, '')",
                "'no standard error'",
                low="case p_operator when '=' then "
                ~ greatest_of(['p_from_z(z_max)', 'p_value - p_half_unit']) ~ " when '>' then "
                ~ greatest_of(['p_from_z(z_max)', 'p_value']) ~ ' else p_from_z(z_max) end',
                high="case p_operator when '=' then "
                ~ least_of(['p_from_z(z_min)', 'p_value + p_half_unit']) ~ " when '<' then "
                ~ least_of(['p_from_z(z_min)', 'p_value']) ~ ' else p_from_z(z_min) end',
            ) }},
            {{ grading_input(
                'p_printed',
                "'as reported'",
                "'no standard error'",
                bound='bound_of_p',
                low="if(bound_of_p = 'exact', p_value - p_half_unit, p_printed)",
                high="if(bound_of_p = 'exact', p_value + p_half_unit, p_printed)",
                source="'reported'",
            ) }}
        ) as p_value,
        printed_i2 as i2,
        {% for input in ['k_units', 'k_studies'] %}
        {{ grading_input(
            'n_comparisons',
            "'comparisons pooled, as reported'",
            "'not reported'",
            source="'reported'",
        ) }} as {{ input }},
        {% endfor %}
        case
            when printed_n_cases.value is not null then printed_n_cases
            when n_cases_of_trials is not null
                then {{ grading_input(
                    'n_cases_of_trials',
                    of_trials,
                    no_trials,
                    "if(k_with_n_cases < k_trials, 'at_least', 'exact')",
                ) }}
            else
                {{ grading_input(
                    "if(outcome_kind = 'continuous', n_intervention, null)",
                    "'people in the [[studied]] arms, as reported'",
                    "'not reported'",
                    source="'reported'",
                ) }}
        end as n_cases,
        {{ grading_input(
            'n_total',
            "'as reported'",
            "'not reported'",
            'bound_of_n_total',
            source="'reported'",
        ) }} as n_participants,
        {{ grading_input(
            'n_smaller_arm',
            "'as reported'",
            "'not reported'",
            source="'reported'",
        ) }} as n_smaller_arm,
        printed_beyond_largest as beyond_largest,
        -- What can be computed from the trials goes before what is printed.
        {% for input, computed, printed in [
            ('pi_distance', greatest_of(['pi_low', '-pi_high']), 'pi_distance'),
            ('largest_distance', 'largest_distance', 'largest_distance'),
            ('egger_p', 'egger_p', 'egger_p'),
            ('excess_p', 'excess_p', 'excess_p'),
            ('excess_p_tess_psst', 'excess_p_tess_psst', 'excess_p'),
        ] %}
        {{ known_or_printed(
            grading_input(computed, of_trials, no_trials), 'printed_' ~ printed
        ) }} as {{ input }},
        {% endfor %}
        {% for input in ['low_rob_share', 'contradicting_share'] %}
        {{ grading_input(input, of_trials, no_trials) }} as {{ input }},
        {% endfor %}
        {{ grading_input(
            'cast(null as double)',
            "''",
            "'reporting bias of the [[studies]] is not extracted'",
        ) }} as low_reporting_bias_share,
        {{ grading_input(
            'cast(null as double)',
            "''",
            "'the team judges analyses, not single [[members]]'",
        ) }} as indirectness,
        {{ grading_input(
            'amstar_first_four',
            "'items 1 to 4 of AMSTAR'",
            "'AMSTAR is not rated'",
            source="'judged'",
        ) }} as amstar_first_four,
        {% for domain in judged_domains %}
        {{ grading_input(
            'cast(null as double)',
            "''",
            "'the team judges analyses, not single [[members]]'",
        ) }} as judged_{{ domain }},
        {% endfor %}
        {% for domain in computable_domains %}
        {{ grading_input(
            '0',
            "'the team judges analyses, not single [[members]]'",
            "''",
        ) }} as has_judged_{{ domain }},
        {% endfor %}
        {{ grading_input(
            'yi_low / equivalence_margin',
            "'confidence limit over the equivalence margin'",
            "'no interval'",
            low='(yi_low - limit_shift) / equivalence_margin',
            high='(yi_low + limit_shift) / equivalence_margin',
        ) }} as ci_low_margins,
        {{ grading_input(
            'yi_high / equivalence_margin',
            "'confidence limit over the equivalence margin'",
            "'no interval'",
            low='(yi_high - limit_shift) / equivalence_margin',
            high='(yi_high + limit_shift) / equivalence_margin',
        ) }} as ci_high_margins,
        {% for limit in ['pi_low', 'pi_high'] %}
        {{ known_or_printed(
            grading_input(
                limit ~ ' / equivalence_margin',
                "'prediction limit over the equivalence margin, ' || " ~ of_trials,
                no_trials,
            ),
            grading_input(
                'printed_' ~ limit ~ ' / equivalence_margin',
                "'prediction limit over the equivalence margin, as reported'",
                no_trials,
                source="'reported'",
            ),
        ) }} as {{ limit }}_margins,
        {% endfor %}
        {{ grading_input(
            'yi_low / large_effect',
            "'confidence limit over a large effect'",
            "'no interval'",
            low='(yi_low - limit_shift) / large_effect',
            high='(yi_low + limit_shift) / large_effect',
        ) }} as ci_low_large,
        {{ grading_input(
            'yi_high / large_effect',
            "'confidence limit over a large effect'",
            "'no interval'",
            low='(yi_high - limit_shift) / large_effect',
            high='(yi_high + limit_shift) / large_effect',
        ) }} as ci_high_large
    from p_values
),

{% set of_any_scale = [
    'p_value', 'i2', 'k_units', 'k_studies', 'n_cases', 'n_participants', 'n_smaller_arm', 'egger_p',
    'excess_p', 'excess_p_tess_psst', 'low_rob_share', 'low_reporting_bias_share',
    'contradicting_share', 'amstar_first_four',
] %}
{% set of_one_scale = [
    'pi_distance', 'largest_distance', 'beyond_largest', 'ci_low_margins', 'ci_high_margins', 'pi_low_margins',
    'pi_high_margins', 'ci_low_large', 'ci_high_large',
] %}
-- The pool of one meta-analysis is graded as its effect, but for what the team judged, and what
-- depends on a scale that the effect was converted from.
single_inputs as (
    select
        pooled_inputs.* exclude (only_effect_id) replace (
            {% for input in of_any_scale %}
            coalesce(effect_inputs.{{ input }}, pooled_inputs.{{ input }}) as {{ input }},
            {% endfor %}
            {% for input in of_one_scale %}
            if(
                effect_inputs.scale = pooled_inputs.scale,
                effect_inputs.{{ input }},
                pooled_inputs.{{ input }}
            ) as {{ input }}{{ ',' if not loop.last }}
            {% endfor %}
        )
    from pooled_inputs
    left join effect_inputs on pooled_inputs.only_effect_id = effect_inputs.effect_id
),

final as (
    select * from single_inputs
    union all by name
    select * from effect_inputs
    union all by name
    select * from rate_inputs
)

select * from final
