-- Grain: one row per difference of the two readers that decides a result and that nobody decided.
with

differences as (
    select * from {{ ref('fct_extraction_differences') }}
    where is_unresolved
),

final as (
    select
        difference_id,
        sheet,
        row_id,
        field,
        first_value,
        second_value,
        n_analyses
    from differences
)

select * from final
