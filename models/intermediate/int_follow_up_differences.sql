-- Grain: one row per pair of an effect at follow-up and one after treatment, and correlation that
-- is assumed of the two: d = follow-up less after treatment, with
-- v = v_follow_up + v_post - 2 r sqrt(v_follow_up v_post).
with

pairs as (
    select * from {{ ref('int_follow_up_pairs') }}
),

correlations as (
    select * from {{ ref('stg_protocol__follow_up_correlations') }}
),

final as (
    select
        pairs.*,
        correlations.correlation,
        pairs.yi - pairs.post_yi as change,
        pairs.vi + pairs.post_vi - 2 * correlations.correlation * sqrt(pairs.vi * pairs.post_vi)
            as change_vi
    from pairs
    cross join correlations
)

select * from final
