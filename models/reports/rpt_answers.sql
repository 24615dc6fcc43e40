-- Grain: one row per headline analysis: its answer in plain sentences, and the numbers beside it.
with

analyses as (
    select
        analyses.*,
        review.studied_word,
        review.comparison_word
    from {{ ref('dim_analyses') }} as analyses
    cross join {{ ref('dim_review') }} as review
),

pooled as (
    select * from {{ ref('fct_pooled_effects') }}
    where policy_id = 'recommended'
),

-- Standardised differences that say which side is good, as the share of pairs that it makes.
paired as (
    select
        analyses.analysis_id,
        superiority_from_smd(
            if(analyses.above_favours, pooled.estimate, -pooled.estimate),
            if(analyses.above_favours, pooled.ci_low, -pooled.ci_high),
            if(analyses.above_favours, pooled.ci_high, -pooled.ci_low)
        ) as share
    from analyses
    inner join pooled on analyses.analysis_id = pooled.analysis_id
    where
        analyses.is_headline
        and analyses.scale = 'smd'
        and analyses.above_favours is not null
        and pooled.has_verdict
        and pooled.side in ('above', 'below')
),

-- The same question against each kind of comparator by itself.
against as (
    select
        headlines.analysis_id,
        string_agg(
            'against ' || parts.subgroup || ': '
            || case
                when pooled.side = 'neither' then 'no clear effect'
                when pooled.side = whole.side and bands.label is not null then lower(bands.label)
                else {{ side_in_words('pooled.side', 'parts') }}
            end
            || ' (' || parts.scale_short_label || ' '
            || {{ true_minus(fixed(
                shown_value('pooled.estimate', 'parts.shown_as'), 'parts.decimals'
            )) }}
            || ')',
            '; ' order by parts.sort_order, parts.analysis_id
        ) as words
    from analyses as headlines
    inner join analyses as parts
        on
            headlines.condition = parts.condition
            and headlines.outcome = parts.outcome
            and headlines.scale = parts.scale
            and headlines.unit = parts.unit
            and headlines.measure_unit is not distinct from parts.measure_unit
    inner join pooled on parts.analysis_id = pooled.analysis_id
    inner join pooled as whole on headlines.analysis_id = whole.analysis_id
    left join {{ ref('stg_protocol__cohen_bands') }} as bands on pooled.cohen_band = bands.band
    where
        headlines.is_headline
        and headlines.is_whole_condition
        and parts.comparator_class is not null
        and {{ filters_are_open('parts', ['comparator_class']) }}
        and pooled.has_verdict
        and pooled.side is not null
    group by headlines.analysis_id
),

final as (
    select
        conclusions.analysis_id,
        conclusions.condition_id,
        conclusions.headline_label,
        conclusions.sort_order,
        if(
            conclusions.status = 'no_data' and conclusions.published_text is not null,
            null,
            findings.finding
        ) as finding,
        if(conclusions.status = 'no_data', conclusions.published_text, null) as published_text,
        100 * paired.share.estimate as better_off,
        100 * paired.share.ci_low as better_off_low,
        100 * paired.share.ci_high as better_off_high,
        'In about ' || printf('%.0f', better_off) || ' of 100 pairs'
        || coalesce(printf(' (%.0f to %.0f)', better_off_low, better_off_high), '')
        || ' the person with the ' || analyses.studied_word || ' is better off than the one in the '
        || analyses.comparison_word || ' group; by chance it would be 50.' as better_off_text,
        {{ in_sentence_case('against.words') }} || '.' as against_text,
        conclusions.k,
        conclusions.estimate,
        conclusions.ci_low,
        conclusions.ci_high,
        conclusions.pi_low,
        conclusions.pi_high,
        conclusions.scale_short_label,
        analyses.shown_as,
        analyses.no_effect is not null as is_effect,
        analyses.measure_unit,
        conclusions.decimals,
        findings.n_participants,
        findings.k_with_n_participants,
        findings.grade_label,
        findings.grade_symbols,
        {{ in_sentence_case('findings.certainty_text') }} as certainty_text
    from {{ ref('rpt_conclusions') }} as conclusions
    inner join analyses on conclusions.analysis_id = analyses.analysis_id
    inner join {{ ref('rpt_findings') }} as findings
        on conclusions.analysis_id = findings.analysis_id
    left join paired on conclusions.analysis_id = paired.analysis_id
    left join against on conclusions.analysis_id = against.analysis_id
)

select * from final
order by sort_order, analysis_id
