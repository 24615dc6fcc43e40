-- Grain: one row, the review.
with

reviews as (
    select * from {{ ref('dim_review') }}
),

-- What would stop a build: a warehouse that has any was published as a draft.
open_findings as (
    select cast(count_if(stops_publication) as bigint) as n_open_findings
    from {{ ref('fct_findings') }}
),

final as (
    select *
    from reviews
    cross join open_findings
)

select * from final
