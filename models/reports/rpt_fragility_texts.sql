-- Grain: one row per headline analysis: which single decisions its result hangs on, in words.
-- What was disputed comes first, then meta-analyses left out, then codings nobody disputed.
{% set named = 3 %}
with

analyses as (
    select
        analysis_id,
        condition as condition_id,
        scale_short_label,
        shown_as,
        decimals
    from {{ ref('dim_analyses') }}
    where is_headline
),

tried as (
    select
        analysis_id,
        count(*) as n_tried
    from {{ ref('fct_fragility') }}
    where policy_id = 'recommended'
    group by analysis_id
),

decisions as (
    select
        found.*,
        found.is_side_changed or found.is_significance_changed as is_verdict_changed,
        if(
            found.decision_kind = 'omission',
            'without ' || found.label,
            'with ' || found.label || ' ' || found.decisions
        ) as condition_words,
        if(
            found.estimate is null,
            'nothing to pool',
            analyses.scale_short_label || ' ' || found.result_text
        ) as result_words,
        row_number() over (
            partition by
                found.analysis_id, found.is_recommended, found.decision_kind,
                found.is_side_changed or found.is_significance_changed
            order by found.row_order
        ) as place
    from {{ ref('rpt_fragility') }} as found
    inner join analyses on found.analysis_id = analyses.analysis_id
),

counted as (
    select
        analysis_id,
        count_if(is_recommended and is_verdict_changed and decision_kind != 'coding') as n_decisive,
        count_if(is_recommended and is_verdict_changed and decision_kind = 'coding') as n_codings,
        count_if(is_recommended and not is_verdict_changed) as n_bands,
        count_if(not is_recommended and is_verdict_changed) as n_conventional,
        string_agg(
            upper(left(condition_words, 1)) || substr(condition_words, 2) || ': ' || result_words
            || if(estimate is null, '', ', k=' || k || ', ' || verdict_text),
            '. ' order by row_order
        ) filter (
            is_recommended and is_verdict_changed
            and decision_kind != 'coding' and place <= {{ named }}
        ) as sentences,
        count_if(
            is_recommended and is_verdict_changed
            and decision_kind != 'coding' and place > {{ named }}
        ) as n_not_named,
        min_by(result_words || ' ' || condition_words, row_order) filter (
            is_recommended and is_verdict_changed and decision_kind != 'coding'
        ) as short_text
    from decisions
    group by analysis_id
),

rounded as (
    select
        ranges.analysis_id,
        ranges.policy_id = 'recommended' as is_recommended,
        {{ conclusion_limits(
            display_scale('ranges.estimate_min', 'analyses.shown_as'),
            display_scale('ranges.estimate_max', 'analyses.shown_as'),
            'analyses.decimals',
            ' and ',
        ) }} as bounds_text,
        nullif(concat_ws(
            ' and ',
            if(ranges.is_side_open, 'whether the interval excludes no effect', null),
            if(ranges.is_band_open, 'Cohen''s band', null)
        ), '') as open_text
    from {{ ref('fct_rounding_ranges') }} as ranges
    inner join analyses on ranges.analysis_id = analyses.analysis_id
),

rounding_texts as (
    select
        analysis_id,
        string_agg(
            if(
                is_recommended,
                ' Within the rounding of the printed numbers the estimate lies between '
                || bounds_text || coalesce(', which leaves open ' || open_text, '') || '.',
                ' By the conventional method rounding leaves open ' || open_text || '.'
            ),
            '' order by is_recommended desc
        ) as rounding_text
    from rounded
    group by analysis_id
),

final as (
    select
        analyses.analysis_id,
        analyses.condition_id,
        coalesce(tried.n_tried, 0) as n_tried,
        cast(coalesce(counted.n_decisive, 0) as bigint) as n_decisive,
        cast(coalesce(counted.n_codings, 0) as bigint) as n_codings,
        cast(coalesce(counted.n_bands, 0) as bigint) as n_bands,
        counted.short_text,
        case
            when pooled.k > {{ var('most_members_for_single_decisions') }}
                then
                    'Not tried: more than {{ var('most_members_for_single_decisions') }} '
                    || '[[members]] are pooled.'
            when coalesce(tried.n_tried, 0) = 0 then null
            else
                coalesce(
                    counted.sentences || '. '
                    || if(
                        counted.n_not_named = 0,
                        '',
                        'So would ' || counted.n_not_named || ' more. '
                    ),
                    'No [[member]] left out and no disputed decision changes the side or the '
                    || 'significance. '
                )
                || case
                    when coalesce(counted.n_codings, 0) = 0
                        then 'No other direction, scope or [[condition]] does so either'
                    when counted.n_codings = 1
                        then
                            'One other direction, scope or [[condition]] would do so, which nobody '
                            || 'disputed'
                    else
                        counted.n_codings || ' other directions, scopes or [[conditions]] would do '
                        || 'so, which nobody disputed'
                end
                || case
                    when coalesce(counted.n_bands, 0) = 0 then '. '
                    when counted.n_bands = 1 then '; one decision changes Cohen''s band only. '
                    else '; ' || counted.n_bands || ' change Cohen''s band only. '
                end
                || 'Tried one at a time: '
                || {{ counted('tried.n_tried', "'decision'", "'decisions'") }}
                || case
                    when coalesce(counted.n_conventional, 0) = 0
                        then '; by the conventional method none changes side or significance.'
                    else
                        '; by the conventional method ' || counted.n_conventional
                        || {{ agreeing('counted.n_conventional', "' changes'", "' change'") }}
                        || ' side or significance.'
                end
        end || coalesce(rounding_texts.rounding_text, '') as fragility_text
    from analyses
    inner join {{ ref('fct_pooled_effects') }} as pooled
        on analyses.analysis_id = pooled.analysis_id and pooled.policy_id = 'recommended'
    left join tried on analyses.analysis_id = tried.analysis_id
    left join counted on analyses.analysis_id = counted.analysis_id
    left join rounding_texts on analyses.analysis_id = rounding_texts.analysis_id
)

select
    final.* replace (
        {{ review_words('final.fragility_text') }} as fragility_text
    )
from final
cross join {{ ref('dim_review') }} as review
order by analysis_id
