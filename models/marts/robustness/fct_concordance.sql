-- Grain: one row per analysis: how its meta-analyses agree, each judged by its own result. Rates,
-- on the logit scale, have no side: theirs agree where their intervals meet.
with

analyses as (
    select
        *,
        {{ is_of_rates('scale') }} as is_rate
    from {{ ref('int_analyses') }}
),

members as (
    select
        candidates.analysis_id,
        candidates.effect_id,
        candidates.yi,
        candidates.ci_low,
        candidates.ci_high,
        if(
            analyses.is_rate, null, {{ side('candidates.ci_low', 'candidates.ci_high') }}
        ) as side,
        if(
            analyses.scale = 'smd',
            {{ band_of('abs(candidates.yi)', ref('stg_protocol__cohen_bands')) }},
            null
        ) as cohen_band
    from {{ ref('int_analysis_candidates') }} as candidates
    inner join analyses on candidates.analysis_id = analyses.analysis_id
    where candidates.is_member
),

pairs as (
    select
        members.analysis_id,
        count(*) as n_pairs,
        count_if(sign(members.yi) = sign(others.yi)) as n_same_direction,
        count_if(members.side = others.side) as n_same_side,
        count_if(members.cohen_band = others.cohen_band) as n_same_band,
        count_if(members.ci_low <= others.ci_high and others.ci_low <= members.ci_high)
            as n_intervals_meet
    from members
    inner join members as others
        on
            members.analysis_id = others.analysis_id
            and members.effect_id < others.effect_id
    group by members.analysis_id
),

counted as (
    select
        analysis_id,
        count(*) as k,
        count_if(yi > 0) as n_estimates_above,
        count_if(yi < 0) as n_estimates_below,
        count_if(side = 'above') as n_above,
        count_if(side = 'below') as n_below,
        count(distinct side) as n_conclusions,
        count(distinct cohen_band) as n_bands,
        min(yi) as estimate_min,
        max(yi) as estimate_max
    from members
    group by analysis_id
),

judged as (
    select
        analyses.analysis_id,
        analyses.label as analysis_label,
        analyses.analysis_group,
        analyses.scale,
        analyses.is_rate,
        analyses.shown_as,
        analyses.no_effect,
        analyses.measure_unit,
        analyses.decimals,
        analyses.above_favours,
        {{ is_up('counted.n_estimates_above', 'counted.n_estimates_below') }} as is_up,
        analyses.above_text,
        analyses.below_text,
        review.member_word,
        review.members_word,
        counted.* exclude (analysis_id, n_conclusions, n_bands),
        pairs.* exclude (analysis_id),
        case
            when counted.k is null then 'no_data'
            when counted.k = 1 then 'single_meta_analysis'
            when analyses.is_rate
                then if(pairs.n_intervals_meet < pairs.n_pairs, 'intervals_apart', 'intervals_meet')
            when counted.n_above > 0 and counted.n_below > 0
                then 'opposite_conclusions'
            when counted.n_estimates_above > 0 and counted.n_estimates_below > 0
                then 'direction_differs'
            when counted.n_conclusions > 1 then 'significance_differs'
            when counted.n_bands > 1 then 'magnitude_differs'
            else 'concordant'
        end as verdict
    from analyses
    left join counted on analyses.analysis_id = counted.analysis_id
    left join pairs on analyses.analysis_id = pairs.analysis_id
    cross join {{ ref('int_review') }} as review
),

final as (
    select
        analysis_id,
        analysis_label,
        analysis_group,
        scale,
        verdict,
        cast(coalesce(k, 0) as integer) as k,
        {%- for count in ['n_estimates_above', 'n_estimates_below', 'n_above', 'n_below'] %}
        if(is_rate, null, cast(coalesce({{ count }}, 0) as integer)) as {{ count }},
        {%- endfor %}
        estimate_min,
        estimate_max,
        cast(coalesce(n_pairs, 0) as integer) as n_pairs,
        if(is_rate, null, n_same_direction / n_pairs) as share_same_direction,
        if(is_rate, null, n_same_side / n_pairs) as share_same_side,
        if(scale = 'smd', n_same_band / n_pairs, null) as share_same_band,
        n_intervals_meet / n_pairs as share_intervals_meet,
        case
            when verdict = 'no_data' then 'No ' || member_word || ' answers the question.'
            when verdict = 'single_meta_analysis'
                then 'One ' || member_word || ' answers the question.'
            when is_rate
                then
                    'The ' || members_word || ' report between '
                    || {{ fixed(shown_value('estimate_min', 'shown_as'), 'decimals') }} || ' and '
                    || {{ fixed(shown_value('estimate_max', 'shown_as'), 'decimals') }}
                    || {{ rate_ending('judged') }} || '; '
                    || case
                        when verdict = 'intervals_meet' then 'all their 95% intervals meet.'
                        else
                            'of ' || {{ counted('n_pairs', "'pair'", "'pairs'") }}
                            || ' of 95% intervals ' || (n_pairs - n_intervals_meet)
                            || {{ agreeing('n_pairs - n_intervals_meet', "' lies'", "' lie'") }}
                            || ' apart.'
                    end
            else
                {{ in_sentence_case(how_many_point(is_named=true)) }} || '; '
                || case verdict
                    when 'opposite_conclusions'
                        then 'they contradict each other.'
                    when 'direction_differs'
                        then 'they differ in direction.'
                    when 'significance_differs' then 'they differ in significance.'
                    when 'magnitude_differs'
                        then 'they agree in significance and differ in Cohen''s band.'
                    else
                        'they agree in direction'
                        || if(
                            scale = 'smd', ', significance and magnitude.', ' and significance.'
                        )
                end
        end as summary
    from judged
)

select * from final
order by analysis_id
