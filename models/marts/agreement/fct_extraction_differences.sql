-- Grain: one row per row that was read twice and field that is compared.
with

differences as (
    select * from {{ ref('int_extraction_differences') }}
),

memberships as (
    select
        source_sheet,
        effect_id,
        count(distinct analysis_id) as n_analyses
    from {{ ref('int_analysis_candidates') }}
    where is_member
    group by source_sheet, effect_id
),

unresolved as (
    select
        source_sheet,
        effect_id,
        field,
        count(*) as n_analyses,
        string_agg(analysis_id, ', ' order by analysis_id) as analyses
    from {{ ref('int_unresolved_differences') }}
    group by source_sheet, effect_id, field
),

final as (
    select
        differences.sheet || ':' || differences.row_id || ':' || differences.field
            as difference_id,
        differences.sheet,
        differences.row_id,
        differences.meta_analysis_id,
        differences.source_kind,
        differences.found,
        differences.field,
        differences.kind,
        differences.tolerance_kind,
        differences.tolerance,
        differences.role,
        differences.first_value,
        differences.second_value,
        differences.difference,
        differences.comparison,
        coalesce(differences.comparison in ('equal', 'within_tolerance'), false) as is_agreed,
        differences.is_adjudicated,
        differences.adjudicated_value as decided_value,
        differences.decided_for,
        if(
            differences.is_adjudicated, differences.adjudicated_value, differences.first_value
        ) as value_in_force,
        differences.role != 'none' as is_used_in_pooling,
        cast(coalesce(memberships.n_analyses, 0) as integer) as n_analyses,
        coalesce(unresolved.n_analyses, 0) > 0 as is_unresolved,
        unresolved.analyses as unresolved_in,
        case
            when differences.kind = 'code' and differences.comparison = 'within_tolerance'
                then 'agreed: other words for the same'
            when differences.comparison in ('equal', 'within_tolerance') then 'agreed'
            when differences.is_adjudicated then 'adjudicated'
            when differences.comparison = 'not_matched'
                then 'the second reader did not find the row, or not surely'
            when differences.comparison = 'neither_has_it' then 'neither reader has a value'
            when differences.comparison in ('only_first_has_it', 'only_second_has_it')
                then 'only one reader has a value'
            when unresolved.n_analyses > 0 then 'unresolved: an analysis uses it'
            when differences.role = 'none' then 'open, but pooling does not use the field'
            when memberships.n_analyses is null then 'open, but no analysis pools the row'
            else 'open, but no analysis of the row uses the field'
        end as status
    from differences
    left join memberships
        on
            differences.sheet = memberships.source_sheet
            and differences.row_id = memberships.effect_id
    left join unresolved
        on
            differences.sheet = unresolved.source_sheet
            and differences.row_id = unresolved.effect_id
            and differences.field = unresolved.field
)

select * from final
order by sheet, row_id, field
