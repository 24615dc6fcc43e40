-- Grain: one row per scope and included meta-analysis in it. Scopes: all meta-analyses, those with
-- an effect on a condition, the members of an analysis of meta-analyses.
with

meta_analyses as (
    select * from {{ ref('stg_extraction__meta_analyses') }}
    where eligibility = 'included'
),

conditions as (
    select * from {{ ref('stg_vocabulary__conditions') }}
),

effects as (
    select * from {{ ref('int_effects') }}
),

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
    where unit = 'meta_analysis'
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member
),

scopes as (
    select
        'all' as scope_kind,
        'all' as scope_id,
        'All [[members]]' as scope_label,
        0 as scope_order
    union all
    select
        'condition' as scope_kind,
        code as scope_id,
        label as scope_label,
        row_number as scope_order
    from conditions
    union all
    select
        'analysis' as scope_kind,
        analysis_id as scope_id,
        label as scope_label,
        sort_order as scope_order
    from analyses
),

memberships as (
    select
        'all' as scope_kind,
        'all' as scope_id,
        meta_analysis_id
    from meta_analyses
    union all
    select distinct
        'condition' as scope_kind,
        effects.condition as scope_id,
        effects.meta_analysis_id
    from effects
    inner join meta_analyses on effects.meta_analysis_id = meta_analyses.meta_analysis_id
    union all
    select
        'analysis' as scope_kind,
        analyses.analysis_id as scope_id,
        members.meta_analysis_id
    from analyses
    inner join members on analyses.analysis_id = members.analysis_id
),

-- A scope without meta-analyses keeps one row, without any.
final as (
    select
        scopes.*,
        memberships.meta_analysis_id
    from scopes
    left join memberships
        on
            scopes.scope_kind = memberships.scope_kind
            and scopes.scope_id = memberships.scope_id
)

select final.* replace ({{ review_words('final.scope_label') }} as scope_label)
from final
cross join {{ ref('int_review') }} as review
order by scope_kind, scope_id, meta_analysis_id
