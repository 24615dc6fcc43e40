-- Grain: one row per meta-analysis whose trials, all of them listed, have other participants than
-- it says, and per trial and slip that would explain the difference.
with

trials as (
    select
        row_number,
        comparison_id as row_id,
        study,
        study_id,
        source,
        coalesce(total_intervention, n_intervention) as n_one,
        coalesce(total_control, n_control) as n_other,
        coalesce(n_one + n_other, n_total) as n,
        if(
            total_intervention is null, 'n_intervention, n_control, n_total',
            'total_intervention, total_control'
        ) as columns
    from {{ ref('stg_extraction__primary_studies') }}
),

-- A trial may have several rows; its participants are those of the largest.
studies as (
    select
        source,
        study_id,
        max(n) as n,
        bool_or(n is null) as is_unknown
    from trials
    group by source, study_id
),

sums as (
    select
        source,
        count(*) as n_studies,
        sum(n) as n
    from studies
    group by source
    having not bool_or(is_unknown)
),

apart as (
    select
        meta_analyses.row_number,
        meta_analyses.meta_analysis_id,
        meta_analyses.n_participants,
        sums.n_studies,
        sums.n,
        sums.n - meta_analyses.n_participants as excess
    from {{ ref('stg_extraction__meta_analyses') }} as meta_analyses
    inner join sums on meta_analyses.meta_analysis_id = sums.source
    where
        meta_analyses.n_trials = sums.n_studies
        and sums.n_studies > 1
        -- Those who were analysed are fewer than those who were randomised.
        and (
            excess > 0.02 * meta_analyses.n_participants
            or sums.n < 0.6 * meta_analyses.n_participants
        )
),

-- What the trial would have too many: all of it, all in both arms, or one arm in the other, too.
explained as (
    select
        trials.*,
        apart.meta_analysis_id,
        apart.n_participants,
        apart.excess,
        case abs(apart.excess)
            when trials.n then 'as many as this trial has'
            when trials.n / 2 then 'half as many as this trial has'
            when trials.n_one then 'as many as one arm of this trial has'
            when trials.n_other then 'as many as one arm of this trial has'
            when abs(trials.n_one - trials.n_other)
                then 'as many as its arms differ by'
            else if(trials.n > apart.n_participants, 'this trial alone has more', null)
        end as likeness
    from trials
    inner join apart on trials.source = apart.meta_analysis_id
    where likeness is not null
),

final as (
    select
        'meta_analyses' as sheet,
        row_number,
        meta_analysis_id as row_id,
        'participants_against_trials' as rule,
        'n_participants' as columns,
        {{ counted("n_participants", "'participant'", "'participants'") }} as printed,
        n as implied_low,
        n as implied_high,
        'its ' || n_studies || ' trials, all of them listed, have ' || n as why,
        cast(null as varchar) as candidate
    from apart

    union all

    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'participants_against_trials' as rule,
        columns,
        study || ' ' || coalesce(n_one || ' and ' || n_other, cast(n as varchar)) as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'with it the trials of ' || meta_analysis_id || ' have ' || abs(excess)
        || if(excess > 0, ' participants more', ' participants fewer') || ' than it says: '
        || likeness as why,
        cast(null as varchar) as candidate
    from explained
)

select * from final
