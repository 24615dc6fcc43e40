-- Grain: one row per row of a sheet, rule and columns: years, and times of follow-up.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

meta_analyses as (
    select
        *,
        regexp_extract(meta_analysis_id, '(19|20)\d{2}') as year_of_id
    from {{ ref('stg_extraction__meta_analyses') }}
),

-- What the note says of the time, with its months.
{% set says_later = "regexp_matches(lower(concat_ws(' ', notes, source_locator, restriction)), "
    ~ "'follow.?up|long.?term|medium.?term|months|weeks|timepoint')" -%}
times as (
    select
        row_number,
        effect_id as row_id,
        timepoint,
        follow_up_months,
        timepoint = 'post' and regexp_matches(
            lower(concat_ws(' ', notes, restriction)), 'follow.?up'
        ) as says_follow_up,
        follow_up_months is not null or {{ says_later }} as says_time
    from effects
),

shared as (
    select
        *,
        avg(if(says_time, 1, 0)) over (partition by timepoint) as share_with_time
    from times
),

trials as (
    select
        *,
        regexp_extract_all(study, '\b(?:19|20)[0-9][0-9]\b') as years_of_study
    from {{ ref('stg_extraction__primary_studies') }}
),

found as (
    select
        'reported_effects' as sheet,
        row_number,
        row_id,
        'time_against_words' as rule,
        'timepoint, follow_up_months' as columns,
        concat_ws(
            ', ', replace(timepoint, '_', ' '),
            {{ counted("follow_up_months", "'month'", "'months'") }}
        ) as printed,
        case
            when timepoint = 'post' and follow_up_months is not null
                then 'the end of treatment, with months of follow-up'
            when timepoint = 'post' then 'the end of treatment, and the note speaks of follow-up'
            else 'a follow-up of which neither cell nor note says when'
        end as why
    from shared
    where
        (timepoint = 'post' and (follow_up_months is not null or says_follow_up))
        or (timepoint = 'follow_up' and not says_time and share_with_time > 0.8)

    union all by name

    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        'year_unlike_its_id' as rule,
        'year' as columns,
        cast(year as varchar) as printed,
        'its id has ' || year_of_id as why
    from meta_analyses
    where year_of_id != '' and cast(year as varchar) != year_of_id

    union all by name

    select
        'primary_studies' as sheet,
        row_number,
        comparison_id as row_id,
        'year_unlike_its_id' as rule,
        'year, study' as columns,
        study || ': ' || year as printed,
        'the study is called after another year' as why
    from trials
    where len(years_of_study) = 1 and cast(year as varchar) != years_of_study[1]

    union all by name

    select
        'primary_studies' as sheet,
        trials.row_number,
        trials.comparison_id as row_id,
        'trial_after_its_source' as rule,
        'year' as columns,
        trials.study || ': ' || trials.year as printed,
        null as implied_low,
        cast(meta_analyses.year + 1 as double) as implied_high,
        trials.source || ' was published in ' || meta_analyses.year as why
    from trials
    inner join meta_analyses on trials.source = meta_analyses.meta_analysis_id
    -- A trial read ahead of print may be printed a year later.
    where trials.year > meta_analyses.year + 1

    union all by name

    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        'search_after_publication' as rule,
        'search_end, year' as columns,
        search_end || ', published ' || year as printed,
        null as implied_low,
        cast(year as double) as implied_high,
        'the search ended after the year of publication' as why
    from meta_analyses
    where try_cast(left(search_end, 4) as bigint) > year

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        'unusual_months' as rule,
        'follow_up_months' as columns,
        {{ counted("follow_up_months", "'month'", "'months'") }} as printed,
        if(
            follow_up_months < 1, 'less than a month: perhaps it is told in years',
            'follow-up is told in quarters beyond a year, in halves beyond two, in years beyond '
            || 'three'
        ) as why
    from effects
    where
        follow_up_months < 1
        or (follow_up_months > 12 and follow_up_months % 3 != 0)
        or (follow_up_months > 24 and follow_up_months % 6 != 0)
        or (follow_up_months > 36 and follow_up_months % 12 != 0)
),

final as (
    select
        *,
        cast(null as varchar) as candidate
    from found
)

select * from final
