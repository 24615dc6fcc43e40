-- Grain: one row per graded result and input: the wide inputs, one under the other.
with

inputs as (
    select
        * exclude (
            graded_kind, analysis_id, policy_id, effect_id, meta_analysis_id, label,
            analysis_group, condition, scale, k, estimate, ci_low, ci_high
        )
    from {{ ref('int_grading_inputs') }}
),

stacked as (
    select *
    from inputs
    unpivot include nulls (
        given for input in (columns(* exclude (graded_id, outcome_kind)))
    )
),

final as (
    select
        graded_id,
        outcome_kind,
        if(input = 'k_studies', 'k', input) as input,
        given.value as value,
        given.value_low as value_low,
        given.value_high as value_high,
        coalesce(given.bound, 'exact') as bound,
        given.source as source,
        {{ review_words('given.basis') }} as basis,
        {{ review_words('given.missing_reason') }} as missing_reason
    from stacked
    cross join {{ ref('int_review') }} as review
    where stacked.outcome_kind is distinct from 'share' or given is not null
)

select * from final
