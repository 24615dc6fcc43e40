-- Grain: one row per pooled analysis, single decision that would change what it pools, and member
-- that it would then have. Decisions that leave the members as they are have no row.
with

analyses as (
    select
        analyses.*,
        {{ converting_risk() }} as baseline_risk,
        coalesce(rules.related_meta_analyses, 'declared') as related_meta_analyses,
        coalesce(rules.parallel_pools, 'leave_out') = 'take' as takes_parallel_pools
    from {{ ref('stg_protocol__analyses') }} as analyses
    inner join {{ ref('stg_protocol__selection_rules') }} as rules
        on analyses.selection_rule = rules.selection_rule
    where
        rules.takes = 'all'
        and rules.needs is null
        -- Each decision is pooled anew: the work grows with the square of the members.
        and analyses.analysis_id not in (
            select analysis_id
            from {{ ref('int_candidate_rows') }}
            where is_eligible
            group by analysis_id
            having count(*) > {{ var('most_members_for_single_decisions') }}
        )
),

effects as (
    select * from {{ ref('int_alternative_readings') }}
),

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
),

alternatives as (
    {{ effect_candidates(['change_id', 'is_left_out']) }}
),

admissible as (
    select candidates.*
    from {{ ref('int_candidate_rows') }} as candidates
    inner join analyses on candidates.analysis_id = analyses.analysis_id
    where candidates.source_sheet = 'reported_effects' and candidates.is_admissible
),

entering as (
    select * from alternatives
    where len(barring_reasons) = 0 and not is_left_out
),

touched as (
    select
        admissible.analysis_id,
        effects.change_id,
        admissible.cluster_id,
        admissible.effect_id
    from admissible
    inner join effects on admissible.effect_id = effects.effect_id

    union

    select
        analysis_id,
        change_id,
        cluster_id,
        effect_id
    from entering
),

-- The rows that the meta-analysis of the changed row would have.
own_rows as (
    select
        touched.analysis_id,
        touched.change_id,
        {{ alternative_columns('admissible') }}
    from touched
    inner join admissible
        on
            touched.analysis_id = admissible.analysis_id
            and touched.cluster_id = admissible.cluster_id
            and touched.effect_id != admissible.effect_id

    union all

    select
        analysis_id,
        change_id,
        {{ alternative_columns('entering') }}
    from entering
),

standing as (
    select *
    from own_rows
    qualify
        row_number() over (
            partition by analysis_id, change_id
            order by {{ one_effect_order() }}
        ) = 1
),

in_force as (
    select
        analysis_id,
        {{ alternative_columns('admissible') }}
    from admissible
    where is_eligible
),

changed as (
    select
        touched.analysis_id,
        touched.change_id,
        touched.cluster_id
    from touched
    left join standing
        on
            touched.analysis_id = standing.analysis_id
            and touched.change_id = standing.change_id
    left join in_force
        on
            touched.analysis_id = in_force.analysis_id
            and touched.cluster_id = in_force.cluster_id
    where
        (standing.effect_id, standing.yi, standing.vi, standing.is_parallel_pool)
        is distinct from (in_force.effect_id, in_force.yi, in_force.vi, in_force.is_parallel_pool)
),

all_rows as (
    select
        changed.change_id,
        in_force.*
    from changed
    inner join in_force
        on
            changed.analysis_id = in_force.analysis_id
            and changed.cluster_id != in_force.cluster_id

    union all by name

    select standing.*
    from standing
    inner join changed
        on
            standing.analysis_id = changed.analysis_id
            and standing.change_id = changed.change_id
),

within_scope as (
    select
        all_rows.*,
        analyses.related_meta_analyses
    from all_rows
    inner join analyses on all_rows.analysis_id = analyses.analysis_id
    where analyses.takes_parallel_pools or not all_rows.is_parallel_pool
),

{{ superseded_members('within_scope', ['analysis_id', 'change_id']) }},

members as (
    select within_scope.*
    from within_scope
    anti join superseded
        on
            within_scope.analysis_id = superseded.analysis_id
            and within_scope.change_id = superseded.change_id
            and within_scope.effect_id = superseded.effect_id
),

-- A decision that leaves nothing to pool keeps a row without a member.
final as (
    select
        changed.analysis_id,
        changed.change_id,
        members.* exclude (analysis_id, change_id, related_meta_analyses)
    from changed
    left join members
        on
            changed.analysis_id = members.analysis_id
            and changed.change_id = members.change_id
)

select * from final
