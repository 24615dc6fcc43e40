-- Grain: one row per pair of related meta-analyses: how they hang together, which of them enters an
-- analysis for which both have a row, and in how many analyses that decides.
with

relations as (
    select * from {{ ref('stg_extraction__ma_relations') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

kinds as (
    select * from {{ ref('stg_protocol__relation_kinds') }}
),

admissible as (
    select distinct
        analysis_id,
        meta_analysis_id
    from {{ ref('int_candidate_rows') }}
    where is_admissible
),

members as (
    select distinct
        analysis_id,
        meta_analysis_id
    from {{ ref('int_analysis_candidates') }}
    where is_member
),

together as (
    select
        relations.row_number,
        count(*) as n_analyses_with_both,
        count_if(
            first_member.analysis_id is not null and second_member.analysis_id is not null
        ) as n_analyses_pooling_both
    from relations
    inner join admissible as first on relations.meta_analysis_id = first.meta_analysis_id
    inner join admissible as second
        on
            relations.related_id = second.meta_analysis_id
            and first.analysis_id = second.analysis_id
    left join members as first_member
        on
            first.meta_analysis_id = first_member.meta_analysis_id
            and first.analysis_id = first_member.analysis_id
    left join members as second_member
        on
            second.meta_analysis_id = second_member.meta_analysis_id
            and second.analysis_id = second_member.analysis_id
    group by relations.row_number
),

final as (
    select
        first.citation_label || ' ' || kinds.label || ' ' || second.citation_label as statement,
        relations.meta_analysis_id,
        relations.related_id,
        relations.relation,
        relations.basis,
        case kinds.enters
            when 'meta_analysis' then relations.meta_analysis_id
            when 'related' then relations.related_id
        end as entering_id,
        case kinds.enters
            when 'meta_analysis' then first.citation_label
            when 'related' then second.citation_label
        end as entering_label,
        kinds.shared_share,
        cast(coalesce(together.n_analyses_with_both, 0) as integer) as n_analyses_with_both,
        cast(coalesce(together.n_analyses_pooling_both, 0) as integer) as n_analyses_pooling_both,
        relations.reason,
        relations.source_locator
    from relations
    inner join kinds on relations.relation = kinds.relation
    inner join meta_analyses as first on relations.meta_analysis_id = first.meta_analysis_id
    inner join meta_analyses as second on relations.related_id = second.meta_analysis_id
    left join together on relations.row_number = together.row_number
)

select * from final
order by meta_analysis_id, related_id
