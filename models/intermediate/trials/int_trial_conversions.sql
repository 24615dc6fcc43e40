-- Grain: one row per trial comparison, form of the variance and correction that a rule asks for,
-- and the form LS with the exact correction. The first path that the row's numbers allow, in the
-- order of the lists `smd_paths` and `paths`; SMDs of interventions are signed so that above zero
-- favours the intervention, all else as it was meant, intervention or exposed against control.
-- The only caller of the conversion kernels for trials.
with

printed as (
    select
        row_number,
        p_value_most
    from {{ ref('int_printed_results') }}
    where sheet = 'primary_studies' and part = 'trial'
),

switches as (
    select count(*) > 0 as uses_bounds
    from {{ ref('stg_protocol__conversions') }}
    where role = 'p_bound' and used = 'always'
),

-- A P printed as 0, or as the smallest that programs print, is a bound: used where the protocol
-- says so, and then as its bound.
p_bounds as (
    select
        trials.row_number,
        trials.p_value <= {{ least_p() }} as is_p_bound,
        case
            when trials.p_value > {{ least_p() }} then trials.p_value
            when not switches.uses_bounds then null
            when trials.p_value = 0 then printed.p_value_most
            when trials.p_value > 0 then {{ least_p() }}
        end as usable_p
    from {{ ref('stg_extraction__primary_studies') }} as trials
    cross join switches
    left join printed on trials.row_number = printed.row_number
),

trials as (
    select
        typed.*,
        p_bounds.is_p_bound,
        p_bounds.usable_p,
        coalesce(
            mean_intervention, mean_change_intervention, reported_g, t_value, f_value,
            point_biserial_r
        ) is null and events_intervention is not null as has_events_only,
        coalesce(
            measure,
            case
                when not has_events_only or events_control is null then 'hedges_g'
                when
                    coalesce(total_intervention, total_control) is null
                    and time_intervention + time_control is not null
                    then 'incidence_rate_ratio'
                else 'odds_ratio'
            end
        ) as measure_in_force,
        if(is_p_bound, 'the bound of ', '') as of_bound
    from {{ ref('stg_extraction__primary_studies') }} as typed
    inner join p_bounds on typed.row_number = p_bounds.row_number
),

forms as (
    select distinct
        variance_form,
        correction
    from {{ ref('stg_protocol__trial_rules') }}

    union

    select
        'LS' as variance_form,
        'exact' as correction
),

outcomes as (
    select * from {{ ref('int_outcomes') }}
),

-- What a comparison is about: as the first analysis of trials that takes it says, else the review.
review as (
    select distinct on (trials.comparison_id)
        trials.comparison_id,
        coalesce(analyses.review_kind, review.review_kind) as review_kind
    from trials
    cross join {{ ref('int_review') }} as review
    left join {{ ref('stg_protocol__analyses') }} as analyses
        on
            analyses.unit = 'trial'
            and not {{ is_of_rates('analyses.scale') }}
            and trials.outcome = analyses.outcome
            and (analyses.condition is null or trials.condition = analyses.condition)
            and (analyses.subtype is null or trials.subtype = analyses.subtype)
    order by trials.comparison_id, analyses.sort_order, analyses.analysis_id
),

described as (
    select
        trials.*,
        forms.*,
        case measure_in_force
            when 'mean_difference' then 'mean_difference'
            when 'correlation' then 'fisher_z'
            when 'hedges_g' then 'smd'
            when 'cohens_d' then 'smd'
            else 'log_' || measure_in_force
        end as scale,
        coalesce(trials.ci_level, 0.95) as level,
        coalesce(
            n_intervention + n_control, total_intervention + total_control, n_total,
            n_cases + n_controls, randomised_intervention + randomised_control
        ) as n_participants,
        {{ benefit_sign('trials.favourable_direction') }} as benefit_sign,
        {{ contrast_sign('benefit_sign', 'trials.favourable_direction', 'outcomes.polarity') }}
            as own_sign,
        if({{ is_benefit_scale("'smd'", 'review.review_kind') }}, benefit_sign, own_sign)
            as smd_sign
    from trials
    inner join review on trials.comparison_id = review.comparison_id
    left join outcomes on trials.outcome = outcomes.outcome
    cross join forms
),

recovered as (
    select
        *,
        se_from_ci(ci_low, ci_high, level) as from_interval,
        se_from_p(estimate, usable_p) as from_p
    from described
),

with_se as (
    select
        *,
        case
            when estimate_se > 0 then estimate_se
            when from_interval.status = 'ok' then from_interval.se
            when from_p.status = 'ok' then from_p.se
        end as estimate_se_found,
        case
            when estimate_se > 0 then 'SE as reported'
            when from_interval.status = 'ok'
                then 'SE from the ' || printf('%g', 100 * level) || '% interval'
            when from_p.status = 'ok' then 'SE from ' || of_bound || 'the two-sided P value'
        end as se_path
    from recovered
),

{%- set as_printed = "'taken as printed; its variant is the source''s'" %}
{%- set printed_estimate -%}
    {
        'yi': estimate,
        'vi': estimate_se_found ** 2,
        'path': measure || ' as reported, ' || se_path,
        'assumption': {{ as_printed }}
    }
{%- endset %}

{%- set baseline_path -%}
    'mean changes, their SDs and numbers > Hedges'' g by the SD at baseline, '
    || 'the SD of change / sqrt(2 (1 - r)) with r = ' || printf('%g', pre_post_cor)
{%- endset %}
{%- set baseline_assumption -%}
    smd_changes.assumption
    || '; equal SDs before and after, and one correlation of them in both arms'
{%- endset %}

candidates as (
    select
        *,
        smd_from_means(
            mean_intervention, sd_intervention, n_intervention,
            mean_control, sd_control, n_control,
            variance_form, {'correction': correction}
        ) as smd_means,
        smd_from_means(
            mean_change_intervention, sd_change_intervention, n_intervention,
            mean_change_control, sd_change_control, n_control,
            variance_form, {'correction': correction}
        ) as smd_changes,
        g_from_d(
            if(measure = 'cohens_d', estimate, null),
            estimate_se_found ** 2,
            n_intervention, n_control, variance_form, {'correction': correction}
        ) as smd_d,
        smd_from_t(t_value, n_intervention, n_control, variance_form, {'correction': correction})
            as smd_t,
        smd_from_f(
            f_value, effect_sign, n_intervention, n_control,
            variance_form, {'correction': correction}
        ) as smd_f,
        smd_from_point_biserial(
            point_biserial_r, n_intervention, n_control, variance_form, {'correction': correction}
        ) as smd_r,
        smd_from_p(
            if(estimate is null, usable_p, null), effect_sign,
            n_intervention, n_control, variance_form, {'correction': correction}
        ) as smd_p,
        md_from_means(
            mean_intervention, sd_intervention, n_intervention,
            mean_control, sd_control, n_control, 'unequal'
        ) as md_means,
        md_from_means(
            mean_change_intervention, sd_change_intervention, n_intervention,
            mean_change_control, sd_change_control, n_control, 'unequal'
        ) as md_changes,
        effect_from_counts(
            events_intervention, total_intervention, events_control, total_control, 'OR'
        ) as or_counts,
        effect_from_counts(
            events_intervention, total_intervention, events_control, total_control, 'RR'
        ) as rr_counts,
        log_irr_from_counts(
            events_intervention, time_intervention, events_control, time_control
        ) as irr_counts,
        log_ratio_from_ci(estimate, ci_low, ci_high, level) as ratio_ci,
        log_ratio_from_se(estimate, nullif(estimate_se, 0), 'log') as ratio_se,
        log_ratio_from_p(estimate, usable_p) as ratio_p,
        fisher_z_from_r(estimate, n_participants) as z_r
    from with_se
),

reported as (
    select
        *,
        case
            when reported_g is not null and reported_se > 0
                then
                    {
                        'yi': reported_g,
                        'vi': reported_se ** 2,
                        'path': 'g and SE as reported',
                        'assumption': {{ as_printed }}
                    }
            when measure = 'hedges_g' and estimate_se_found > 0 then {{ printed_estimate }}
        end as reported_smd,
        if(measure = 'mean_difference' and estimate_se_found > 0, {{ printed_estimate }}, null)
            as reported_md,
        -- The SD of change is that at baseline times sqrt(2 (1 - r)): g and its variance follow.
        if(
            smd_changes.status = 'ok' and pre_post_cor < 1,
            {
                'yi': sqrt(2 * (1 - pre_post_cor)) * smd_changes.yi,
                'vi': 2 * (1 - pre_post_cor) * smd_changes.vi,
                'path': {{ baseline_path }},
                'assumption': {{ baseline_assumption }}
            },
            null
        ) as smd_baseline
    from candidates
),

{#- (scale, result, words of its path): what counts give, whatever measure was printed. -#}
{%- set count_paths = [
    ('log_odds_ratio', 'or_counts', 'events and totals of both arms > log odds ratio'),
    ('log_risk_ratio', 'rr_counts', 'events and totals of both arms > log risk ratio'),
    ('log_incidence_rate_ratio', 'irr_counts', 'events and person-time of both arms > log rate ratio'),
] %}

counted as (
    select
        *,
        map_from_entries([
            {%- for scale_code, result, words in count_paths %}
            {
                'key': '{{ scale_code }}',
                'value': if(
                    {{ result }}.status = 'ok',
                    {
                        'yi': {{ result }}.yi,
                        'vi': {{ result }}.vi,
                        'path': '{{ words }}',
                        'assumption': {{ result }}.assumption
                    },
                    null
                )
            }
            {{- "," if not loop.last }}
            {%- endfor %}
        ]) as by_counts,
        by_counts[scale] as own_counts
    from reported
),

{#- (condition besides status ok, result, words of its path), best first. -#}
{%- set continuous = "scale in ('smd', 'mean_difference')" %}
{%- set smd_paths = [
    ("true", 'smd_means', "'means, SDs and numbers of both arms > Hedges'' g'"),
    ("true", 'smd_baseline', none),
    ("pre_post_cor is null", 'smd_changes', "'mean changes, their SDs and numbers > Hedges'' g by the SD of change'"),
    ("true", 'reported_smd', none),
    (continuous, 'smd_d', "'Cohen''s d > Hedges'' g, ' || coalesce(se_path, 'variance from the numbers of both arms')"),
    (continuous, 'smd_t', "'t > Hedges'' g'"),
    (continuous, 'smd_f', "'F > Hedges'' g'"),
    (continuous, 'smd_r', "'point-biserial r > Hedges'' g'"),
    (continuous, 'smd_p', "of_bound || 'two-sided p of a t test > Hedges'' g'"),
] %}
{%- set paths = [
    ("scale = 'mean_difference'", 'md_means', "'means, SDs and numbers of both arms'"),
    ("scale = 'mean_difference'", 'md_changes', "'mean changes, their SDs and numbers'"),
    ("scale = 'mean_difference'", 'reported_md', none),
    ("true", 'own_counts', none),
    ("starts_with(scale, 'log_')", 'ratio_se', "measure_in_force || ' > natural logarithm, SE as reported'"),
    ("starts_with(scale, 'log_')", 'ratio_ci', "measure_in_force || ' > natural logarithm, SE from the ' || printf('%g', 100 * level) || '% interval'"),
    ("starts_with(scale, 'log_')", 'ratio_p', "measure_in_force || ' > natural logarithm, SE from ' || of_bound || 'the two-sided P value'"),
    ("scale = 'fisher_z'", 'z_r', "'correlation > Fisher''s z, variance 1 / (n - 3)'"),
] %}

{%- for source, struct, tried in [('counted', 'smd', smd_paths), ('as_smd', 'own', paths)] %}

{{ 'as_smd' if loop.first else 'on_own_scale' }} as (
    select
        *,
        case
            {%- for condition, result, words in tried %}
            {%- if words %}
            when {{ condition }} and {{ result }}.status = 'ok'
                then
                    {
                        'yi': {{ result }}.yi,
                        'vi': {{ result }}.vi,
                        'path': {{ words }},
                        'assumption': {{ result }}.assumption
                    }
            {%- else %}
            when {{ condition }} and {{ result }} is not null then {{ result }}
            {%- endif %}
            {%- endfor %}
        end as {{ struct }}
    from {{ source }}
),
{%- endfor %}

chosen as (
    select
        *,
        if(scale = 'smd', smd, own) as effect,
        if(scale = 'smd', smd_sign, own_sign) as used_sign
    from on_own_scale
),

{%- set only_a_bound = "'the P value is printed as 0, or as the smallest there is: only a bound'" %}
{%- set no_smd -%}
    case
        when smd_means.status = 'out_of_range'
            then 'a standard deviation of zero, or too few people in an arm'
        when smd_changes.status = 'ok'
            then 'no SD at baseline from a correlation of 1 between before and after'
        when is_p_bound and usable_p is null then {{ only_a_bound }}
        else
            'no complete set of: means, standard deviations and numbers of both arms; '
            || 'changes with theirs; g or d with a standard error; t, F, r or p with '
            || 'numbers of both arms'
    end
{%- endset %}
{%- set no_direction = "'favourable direction is unclear'" %}

-- The direction is that of the printed g where there is one. Means may be printed the other way
-- round (fewer symptoms, larger g): then the sign of g from the means is turned to it.
aligned as (
    select
        chosen.*,
        times.person_time_unit,
        array_to_string(impossible.reasons, '; ') as impossible_reason,
        coalesce(
            reported_g is not null
            and smd_means.status = 'ok'
            and abs(smd_means.yi + reported_g) < abs(smd_means.yi - reported_g),
            false
        ) as is_turned
    from chosen
    left join {{ ref('int_impossible_rows') }} as impossible
        on
            impossible.sheet = 'primary_studies'
            and chosen.row_number = impossible.row_number
    left join {{ ref('int_trial_times') }} as times on chosen.outcome = times.outcome
),

final as (
    select
        comparison_id,
        row_number,
        source as meta_analysis_id,
        dataset,
        study,
        condition,
        subtype,
        outcome,
        coalesce(timepoint, 'post') as timepoint,
        weeks,
        scale,
        measure_in_force as measure,
        variance_form,
        correction,
        n_intervention,
        n_control,
        n_participants,
        coalesce(time_total, time_intervention + time_control)
        * if(
            person_time_unit = {{ years_in_words() }},
            {{ years_of_time("('per 1 ' || time_unit)") }},
            1
        ) as person_time,
        coalesce(
            n_cases,
            if(starts_with(scale, 'log_'), events_intervention + events_control, null),
            if(starts_with(scale, 'log_'), null, n_intervention)
        ) as n_cases,
        risk_of_bias,
        multiple_effects,
        {{ continuous }} and not has_events_only as is_continuous,
        {%- for struct, sign, suffix in [
            ('effect', 'used_sign', ''), ('smd', 'smd_sign', '_smd'),
        ] %}
        {{ struct }}.path
        || if(is_turned, ' > sign as that of the printed g', '')
        || if({{ sign }} = -1, ' > sign reversed', '') as conversion_path{{ suffix }},
        {{ sign }} * if(is_turned, -1, 1) * {{ struct }}.yi + 0.0 as yi{{ suffix }},
        if({{ sign }} is null, null, {{ struct }}.vi) as vi{{ suffix }},
        {%- endfor %}
        effect.assumption as assumption,
        -- On the other scales that the counts of the row give.
        map_from_entries(
            list_transform(
                list_filter(
                    map_entries(by_counts),
                    lambda entry: entry.value is not null and own_sign is not null
                    and impossible_reason is null
                ),
                lambda entry: {
                    'key': entry.key,
                    'value': {
                        'yi': own_sign * entry.value.yi + 0.0,
                        'vi': entry.value.vi,
                        'path': entry.value.path || if(own_sign = -1, ' > sign reversed', '')
                    }
                }
            )
        ) as effects_by_counts,
        smd_sign / own_sign as smd_sign_of_own,
        -- How far a printed g is from the one that the means give.
        smd_sign * (
            coalesce(reported_g, if(measure in ('hedges_g', 'cohens_d'), estimate, null))
            - if(smd_means.status = 'ok', if(is_turned, -1, 1) * smd_means.yi, null)
        ) + 0.0 as reported_minus_computed,
        case
            when impossible_reason is not null then impossible_reason
            when effect is null and scale = 'smd' then {{ no_smd }}
            when effect is null and is_p_bound and usable_p is null then {{ only_a_bound }}
            when effect is null and starts_with(scale, 'log_')
                then
                    'no complete set of: events and totals (or person-time) of both arms; '
                    || 'the ratio with an interval, a standard error or a P value'
            when effect is null then 'no ' || measure_in_force || ' with what its variance needs'
            when used_sign is null then {{ no_direction }}
            else 'ok'
        end as status,
        case
            when impossible_reason is not null then impossible_reason
            when smd is null then {{ no_smd }}
            when smd_sign is null then {{ no_direction }}
            else 'ok'
        end as status_smd
    from aligned
)

select * from final
