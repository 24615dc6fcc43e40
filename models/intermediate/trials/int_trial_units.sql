-- Grain: one row per set of trials and trial of it under the first trial rule: the effect by which
-- it enters an analysis of trials, with what analyses filter by; and one per row that is left out,
-- with the reason as its status. A code on which the rows of a trial differ is unknown.
with

first_rule as (
    select rule_id
    from {{ ref('stg_protocol__trial_rules') }}
    qualify row_number() over (order by sort_order, rule_id) = 1
),

members as (
    select
        members.trial_set_id,
        members.set_scale,
        members.unit_id,
        members.trial,
        members.comparison_ids,
        members.yi,
        members.vi,
        members.status,
        members.n_participants,
        members.person_time,
        members.n_cases,
        members.risk_of_bias
    from {{ ref('int_trial_members') }} as members
    inner join first_rule on members.rule_id = first_rule.rule_id

    union all by name

    select
        candidates.trial_set_id,
        candidates.set_scale,
        candidates.unit_id,
        candidates.trial,
        [candidates.comparison_id] as comparison_ids,
        candidates.exclusion_reason as status,
        candidates.n_participants,
        candidates.person_time,
        candidates.n_cases,
        candidates.risk_of_bias
    from {{ ref('int_trial_candidates') }} as candidates
    inner join first_rule on candidates.rule_id = first_rule.rule_id
    where not candidates.is_member
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

comparators as (
    select * from {{ ref('stg_vocabulary__comparators') }}
),

rows_of_members as (
    select
        comparison_ids[1] as first_id,
        unnest(comparison_ids) as comparison_id
    from members
),

{% set filters = ['comparator_class', 'guidance', 'therapy', 'delivery', 'instrument'] -%}
described as (
    select
        rows_of_members.first_id,
        any_value(trials.source) as meta_analysis_id,
        any_value(trials.condition) as condition,
        any_value(trials.subtype) as subtype,
        any_value(trials.outcome) as outcome,
        any_value(coalesce(trials.timepoint, 'post')) as timepoint,
        {%- for column in filters %}
        if(count(distinct {{ column }}) = 1, any_value({{ column }}), null) as {{ column }},
        {%- endfor %}
        min(trials.year) as year,
        -- Rows of one trial count the same people, those of groups count others.
        bool_and(trials.multiple_effects is not distinct from 'groups') as are_groups,
        {%- for arm in ['intervention', 'control'] %}
        if(
            are_groups,
            sum(coalesce(trials.n_{{ arm }}, trials.total_{{ arm }})),
            max(coalesce(trials.n_{{ arm }}, trials.total_{{ arm }}))
        ) as n_{{ arm }},
        {%- endfor %}
        arg_min(trials.locator, trials.row_number) as source_locator
    from rows_of_members
    inner join trials on rows_of_members.comparison_id = trials.comparison_id
    left join comparators on trials.comparator = comparators.code
    group by rows_of_members.first_id
),

joined as (
    select
        members.*,
        described.*
    from members
    inner join described on members.comparison_ids[1] = described.first_id
),

final as (
    select
        'trial:' || first_id as effect_id,
        comparison_ids,
        trial_set_id,
        unit_id,
        meta_analysis_id,
        trial as label,
        year,
        condition,
        subtype,
        outcome,
        timepoint,
        {{ filters | join(',\n        ') }},
        set_scale as scale,
        cast(n_participants as bigint) as n_participants,
        cast(n_intervention as bigint) as n_intervention,
        cast(n_control as bigint) as n_control,
        person_time,
        n_cases,
        risk_of_bias,
        source_locator,
        status,
        yi,
        vi
    from joined
)

select * from final
order by effect_id
