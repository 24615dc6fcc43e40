-- Grain: one row per word that the published review puts on a claim's number.
--
-- Assumptions: Cohen's values are lower bounds of their bands (sheet cohen_bands); a word passes
-- when any value that rounds to the printed estimate lies between where the word may begin
-- (word_lower_bound: small has no word below it) and the next band.
with

words as (
    select * from {{ ref('stg_published__words') }}
),

claims as (
    select * from {{ ref('int_published_claim_ranges') }}
),

bands as (
    select
        band,
        word_lower_bound,
        lead(lower_bound) over (order by lower_bound) as upper_bound
    from {{ ref('stg_protocol__cohen_bands') }}
),

described as (
    select
        words.word_id,
        words.kind,
        words.word,
        words.section,
        claims.* exclude (section),
        bands.word_lower_bound,
        bands.upper_bound,
        if(
            claims.estimate_min <= 0 and claims.estimate_max >= 0,
            0,
            {{ least_of(['abs(claims.estimate_min)', 'abs(claims.estimate_max)']) }}
        ) as size_min,
        {{ greatest_of(['abs(claims.estimate_min)', 'abs(claims.estimate_max)']) }} as size_max
    from words
    left join claims on words.claim_id = claims.claim_id
    left join bands on words.word = bands.band
),

cohen as (
    select
        word_id,
        claim_id,
        'cohen_word_equals_number' as rule,
        word || ': ' || estimate_printed as printed_value,
        word_lower_bound as implied_low,
        upper_bound as implied_high,
        '|SMD|' as implied_unit,
        size_max >= word_lower_bound - {{ slack() }}
        and (upper_bound is null or size_min < upper_bound - {{ slack() }}) as is_possible,
        case
            when claim_id is null then 'the claim is not among the published claims'
            when measure != 'SMD' then 'Cohen''s bands are not for the measure ' || measure
            when word_lower_bound is null then word || ' is not a band of the sheet cohen_bands'
        end as obstacle,
        'SMD ' || estimate_printed || ' is called ' || word || '; before rounding its size is '
        || {{ show('size_min') }} || ' to ' || {{ show('size_max') }} || ', and ' || word
        || ' may stand for ' || {{ show('word_lower_bound') }} || ' or more'
        || coalesce(' and less than ' || {{ show('upper_bound') }}, '') || '.' as fact,
        section
    from described
    where kind = 'cohen'
),

significance as (
    select
        word_id,
        claim_id,
        'significance_word_matches_interval' as rule,
        replace(word, '_', ' ') || ': ' || claim_printed as printed_value,
        if(word = 'significant', ci_low_max, ci_low_min) as implied_low,
        if(word = 'significant', ci_high_min, ci_high_max) as implied_high,
        measure as implied_unit,
        case word
            when 'significant' then implied_low > no_effect or implied_high < no_effect
            when 'not_significant' then implied_low <= no_effect and implied_high >= no_effect
        end as is_possible,
        case
            when claim_id is null then 'the claim is not among the published claims'
            when no_effect is null then 'a ' || measure || ' has no value that means no effect'
            when ci_low is null or ci_high is null then scale_fault
            when not is_in_order then 'the printed limits are in the wrong order'
            when is_possible is null then word || ' is not a word about significance'
        end as obstacle,
        'The effect is called ' || replace(word, '_', ' ') || '; its interval is, at its '
        || if(word = 'significant', 'narrowest', 'widest') || ' before rounding, '
        || {{ show('implied_low') }} || ' to ' || {{ show('implied_high') }}
        || ', and no effect is ' || {{ show('no_effect') }} || '.' as fact,
        section
    from described
    where kind = 'significance'
),

checks as (
    select * from cohen
    union all by name
    select * from significance
),

final as (
    select
        'word' as subject_kind,
        word_id as subject_id,
        cast(null as varchar) as other_claim_id,
        cast(null as double) as statistic,
        cast(null as double) as p_value,
        *
    from checks
)

select {{ check_columns() | join(', ') }} from final
