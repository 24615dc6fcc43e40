-- Grain: one row per headline analysis, graded policy and scheme: the grade as it is drawn.
with

grades as (
    select * from {{ ref('fct_evidence_grades') }}
    where graded_kind = 'pooled_result'
),

headlines as (
    select
        analysis_id,
        condition as condition_id,
        headline_label,
        shown_as,
        scale_short_label,
        decimals,
        sort_order
    from {{ ref('dim_analyses') }}
    where is_headline
),

names as (
    select * from {{ ref('dim_grades') }}
),

domains as (
    select
        graded_id,
        scheme,
        count(*) as n_domains,
        count_if(status = 'not assessable') as n_missing,
        any_value(reason) filter (status = 'not assessable') as obstacle,
        string_agg(
            replace(domain, '_', ' ') || if(points > 0, ' −', ' +') || abs(points)
            || if(status = 'decided on incomplete data', ' (not all known)', ''),
            ', ' order by points desc, domain_order
        ) filter (points != 0) as lowered_by,
        any_value(reason) as reason
    from {{ ref('fct_grade_domains') }}
    group by graded_id, scheme
),

steps as (
    select
        graded_id,
        scheme,
        string_agg(
            if(
                domain = 'class', '',
                replace(domain, '_', ' ') || ' (' || nearest_better_rule_points || '): '
            )
            || nearest_better_rule_in_words,
            '; ' order by domain
        ) as asks_for
    from {{ ref('fct_grade_domains') }}
    group by graded_id, scheme
),

moves as (
    select * from {{ ref('fct_grade_moves') }}
),

described as (
    select
        grades.*,
        headlines.* exclude (analysis_id),
        schemes.sort_order as scheme_order,
        names.place,
        names.n_grades,
        best.label as best_label,
        best.place as best_place,
        worst.label as worst_label,
        worst.place as worst_place,
        next_names.label as next_label,
        domains.* exclude (graded_id, scheme),
        steps.asks_for,
        moves.n_variants,
        moves.n_moving,
        moves.moved_by
    from grades
    inner join headlines on grades.analysis_id = headlines.analysis_id
    inner join {{ ref('dim_grading_schemes') }} as schemes
        on grades.scheme = schemes.scheme
    left join names on grades.scheme = names.scheme and grades.grade = names.grade
    left join names as best
        on grades.scheme = best.scheme and grades.best_grade = best.grade
    left join names as worst
        on grades.scheme = worst.scheme and grades.worst_grade = worst.grade
    left join names as next_names
        on grades.scheme = next_names.scheme and grades.next_grade = next_names.grade
    left join domains on grades.graded_id = domains.graded_id and grades.scheme = domains.scheme
    left join steps on grades.graded_id = steps.graded_id and grades.scheme = steps.scheme
    left join moves on grades.graded_id = moves.graded_id and grades.scheme = moves.scheme
),

compared as (
    select
        described.*,
        (grades.status is distinct from described.status)
        or (grades.grade is distinct from described.grade)
        or (grades.best_grade is distinct from described.best_grade)
        or (grades.worst_grade is distinct from described.worst_grade) as is_different
    from described
    left join grades
        on
            described.analysis_id = grades.analysis_id
            and described.scheme = grades.scheme
            and grades.policy_id = 'recommended'
),

final as (
    select
        grade_id,
        analysis_id,
        condition_id,
        headline_label,
        scale_short_label,
        decimals,
        cast(sort_order as integer) as sort_order,
        policy_id,
        scheme,
        scheme_label,
        scheme_kind,
        cast(scheme_order as integer) as scheme_order,
        k,
        {{ shown_value('estimate', 'shown_as') }} as estimate,
        {{ shown_value('ci_low', 'shown_as') }} as ci_low,
        {{ shown_value('ci_high', 'shown_as') }} as ci_high,
        status,
        grade,
        grade_label,
        cast(place as integer) as grade_place,
        cast(n_grades as integer) as n_grades,
        if(
            scheme_kind = 'grade',
            repeat('●', cast(n_grades - place + 1 as integer))
            || repeat('○', cast(place - 1 as integer)),
            null
        ) as symbols,
        best_label,
        cast(best_place as integer) as best_place,
        worst_label,
        cast(worst_place as integer) as worst_place,
        coalesce(best_place < place, false) as is_better_possible,
        n_criteria,
        n_not_assessable,
        case
            when status = 'graded_on_incomplete_data'
                then
                    if(scheme_kind = 'grade', lower(best_label), best_label) || ' to '
                    || if(scheme_kind = 'grade', lower(worst_label), worst_label) || ' possible'
            when status = 'no_result' then 'No estimate to grade'
            when n_domains is null then 'Not assessable: no rule is for this measure'
            when status = 'not_assessable'
                then
                    'Not assessable: '
                    || if(
                        n_missing = 1, obstacle,
                        n_missing || ' of ' || n_domains || ' domains lack a judgement or a value'
                    )
                    || case
                        when worst_label = best_label
                            then '; ' || lower(worst_label) || ' in any case'
                        else
                            coalesce(
                                '; between ' || lower(worst_label) || ' and '
                                || lower(best_label) || ' possible',
                                ''
                            )
                    end
        end as status_text,
        case
            when status = 'no_result' then 'no estimate to grade'
            when n_domains is null then 'no rule is for this measure'
            when status = 'not_assessable'
                then
                    if(
                        n_missing = 1, obstacle, n_missing || ' of ' || n_domains || ' domains open'
                    )
            when scheme_kind = 'class' then reason
            else coalesce(lowered_by, 'no domain lowers it')
        end as short_reason,
        case
            when next_label is null then null
            when scheme_kind = 'class'
                then next_label || ' asks for: ' || {{ true_minus('asks_for') }} || '.'
            else
                next_label || ' asks for ' || points_to_next_grade
                || if(points_to_next_grade = 1, ' point', ' points') || ' fewer, out of: '
                || coalesce({{ true_minus('asks_for') }}, 'no better rule') || '.'
        end as next_grade_text,
        cast(coalesce(n_variants, 0) as integer) as n_variants,
        cast(coalesce(n_moving, 0) as integer) as n_variants_moving_it,
        case
            when coalesce(n_variants, 0) = 0 then null
            when n_moving = 0
                then 'None of ' || n_variants || ' other thresholds and omissions moves it.'
            else
                n_moving || ' of ' || n_variants || ' other thresholds and omissions '
                || if(n_moving = 1, 'moves', 'move') || ' it: ' || moved_by || '.'
        end as sensitivity_text,
        is_different and policy_id != 'recommended' as is_different_from_recommended
    from compared
),

-- Most schemes grade no rate of one group: their criteria ask for an effect.
of_rates as (
    select
        headlines.analysis_id || ':' || pooled.policy_id || ':' || schemes.scheme as grade_id,
        headlines.analysis_id,
        headlines.condition_id,
        headlines.headline_label,
        headlines.scale_short_label,
        headlines.decimals,
        cast(headlines.sort_order as integer) as sort_order,
        pooled.policy_id,
        schemes.scheme,
        schemes.label as scheme_label,
        schemes.kind as scheme_kind,
        cast(schemes.sort_order as integer) as scheme_order,
        pooled.k,
        pooled.pooled_rate as estimate,
        pooled.ci_low_rate as ci_low,
        pooled.ci_high_rate as ci_high,
        'not_applicable' as status,
        false as is_better_possible,
        0 as n_criteria,
        0 as n_not_assessable,
        'Not applicable: it grades effects, and this is '
        || if(headlines.shown_as = 'expit', 'a percentage', 'a rate') || ' of one group'
            as status_text,
        if(headlines.shown_as = 'expit', 'a percentage', 'a rate')
        || ' of one group is no effect' as short_reason,
        0 as n_variants,
        0 as n_variants_moving_it,
        false as is_different_from_recommended
    from headlines
    inner join {{ ref('fct_pooled_rates') }} as pooled
        on headlines.analysis_id = pooled.analysis_id and pooled.policy_id = 'recommended'
    inner join {{ ref('dim_grading_schemes') }} as schemes
        on schemes.grades_rates is distinct from 'y'
),

stacked as (
    select * from final
    union all by name
    select * from of_rates
)

select * from stacked
order by sort_order, analysis_id, policy_id, scheme_order, scheme
