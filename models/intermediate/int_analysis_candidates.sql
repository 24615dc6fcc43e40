-- Grain: one row per analysis and row of a sheet that passes its filters, chosen or not: the
-- candidates, with the choice that the analysis's own selection rule makes among those eligible.
with

candidates as (
    select * from {{ ref('int_candidate_rows') }}
),

selections as (
    select * from {{ ref('int_selected_members') }}
    where converted_effects = 'pooled'
),

-- Where no effect is converted, what is pooled is as reported.
selections_as_reported as (
    select * from {{ ref('int_selected_members') }}
    where converted_effects = 'left_out'
),

final as (
    select
        candidates.* exclude (
            selection_rule, year, is_parallel_pool, is_eligible, exclusion_reason,
            is_eligible_as_reported, exclusion_reason_as_reported
        ),
        coalesce(selections.is_admitted, false)
        and count(*) over (
            partition by
                candidates.analysis_id, selections.is_admitted, candidates.k_for_selection
        ) > 1 as is_tied_for_size,
        selections.selection_rank,
        coalesce(selections.is_selected, false) as is_member,
        coalesce(candidates.exclusion_reason, selections.not_selected_reason) as exclusion_reason,
        if(
            candidates.has_converted,
            coalesce(as_reported.is_selected, false),
            coalesce(selections.is_selected, false)
        ) as is_member_as_reported,
        if(
            candidates.has_converted,
            coalesce(
                candidates.exclusion_reason_as_reported, as_reported.not_selected_reason
            ),
            coalesce(candidates.exclusion_reason, selections.not_selected_reason)
        ) as exclusion_reason_as_reported
    from candidates
    left join selections
        on
            candidates.analysis_id = selections.analysis_id
            and candidates.selection_rule = selections.selection_rule
            and candidates.effect_id = selections.effect_id
    left join selections_as_reported as as_reported
        on
            candidates.analysis_id = as_reported.analysis_id
            and candidates.selection_rule = as_reported.selection_rule
            and candidates.effect_id = as_reported.effect_id
)

select * from final
