-- Grain: one row per scope and handling of aliases: the counts behind the corrected covered area of
-- those meta-analyses of the scope whose trial list is complete or nearly so. Weights are square
-- roots of the participants of a trial (Ying 2025), of the trials where they are known.
with

scopes as (
    select * from {{ ref('int_overlap_scopes') }}
),

handlings as (
    select distinct alias_handling from {{ ref('int_trial_ids') }}
    union
    select unnest(['decided', 'unsure_as_one'])
),

trial_lists as (
    select * from {{ ref('int_trial_lists') }}
),

inclusions as (
    select * from {{ ref('int_trial_inclusions') }}
    where is_usable
),

participants as (
    select
        trial_ids.alias_handling,
        trial_ids.trial_id,
        max(trial_rows.n_participants) as n_participants
    from {{ ref('int_trial_rows') }} as trial_rows
    inner join {{ ref('int_trial_ids') }} as trial_ids
        on trial_rows.trial_id = trial_ids.study_id
    group by trial_ids.alias_handling, trial_ids.trial_id
),

coverage as (
    select
        scopes.scope_kind,
        scopes.scope_id,
        scopes.scope_label,
        scopes.scope_order,
        count(scopes.meta_analysis_id) as n_meta_analyses,
        count_if(coalesce(trial_lists.is_usable, false)) as c,
        count_if(coalesce(trial_lists.list_status, '') = 'inferred') as n_inferred_lists,
        count_if(coalesce(trial_lists.list_status, '') = 'partial') as n_partial_lists
    from scopes
    left join trial_lists on scopes.meta_analysis_id = trial_lists.meta_analysis_id
    group by scopes.scope_kind, scopes.scope_id, scopes.scope_label, scopes.scope_order
),

trials as (
    select
        scopes.scope_kind,
        scopes.scope_id,
        inclusions.alias_handling,
        inclusions.trial_id,
        any_value(inclusions.trial_year) as trial_year,
        count(*) as n_in,
        count_if(inclusions.is_after_last_year) as n_contradictions,
        any_value(sqrt(participants.n_participants)) as weight
    from scopes
    inner join inclusions on scopes.meta_analysis_id = inclusions.meta_analysis_id
    left join participants
        on
            inclusions.alias_handling = participants.alias_handling
            and inclusions.trial_id = participants.trial_id
    group by scopes.scope_kind, scopes.scope_id, inclusions.alias_handling, inclusions.trial_id
),

trial_years as (
    select distinct trial_year
    from inclusions
    where trial_year is not null
),

-- Lists of a scope that end before the year of a trial.
too_early as (
    select
        scopes.scope_kind,
        scopes.scope_id,
        trial_years.trial_year,
        count(*) as n
    from scopes
    inner join trial_lists on scopes.meta_analysis_id = trial_lists.meta_analysis_id
    inner join trial_years on trial_lists.last_year < trial_years.trial_year
    where trial_lists.is_usable
    group by scopes.scope_kind, scopes.scope_id, trial_years.trial_year
),

celled as (
    select
        trials.*,
        coalesce(too_early.n, 0) - trials.n_contradictions as n_impossible,
        if(trials.trial_year is null, coverage.c - trials.n_in, 0) as n_cells_unknown_year
    from trials
    inner join coverage
        on
            trials.scope_kind = coverage.scope_kind
            and trials.scope_id = coverage.scope_id
    left join too_early
        on
            trials.scope_kind = too_early.scope_kind
            and trials.scope_id = too_early.scope_id
            and trials.trial_year = too_early.trial_year
),

counted as (
    select
        scope_kind,
        scope_id,
        alias_handling,
        sum(n_in) as n,
        count(*) as r,
        sum(n_impossible) as x,
        count_if(n_in > 1) as n_trials_shared,
        count(weight) as r_weighted,
        sum(n_contradictions) as n_contradictions,
        sum(n_cells_unknown_year) as n_cells_unknown_year,
        sum(weight * n_in order by trial_id) as weighted_n,
        sum(weight order by trial_id) as weighted_r,
        sum(weight * n_impossible order by trial_id) as weighted_x
    from celled
    group by scope_kind, scope_id, alias_handling
),

final as (
    select
        coverage.*,
        handlings.alias_handling,
        counted.* exclude (scope_kind, scope_id, alias_handling)
    from coverage
    cross join handlings
    left join counted
        on
            coverage.scope_kind = counted.scope_kind
            and coverage.scope_id = counted.scope_id
            and handlings.alias_handling = counted.alias_handling
)

select * from final
order by scope_kind, scope_order, scope_id, alias_handling
