-- Grain: one row per analysis and domain of GRADE that the team judged: the final judgement, or
-- the one on which the raters agree. Raters who differ leave no judgement, and the row says so.
with

judgements as (
    select
        analysis_id,
        domain,
        max(levels) filter (rater = 'final') as final_levels,
        count(distinct levels) filter (rater != 'final') as n_judgements,
        min(levels) filter (rater != 'final') as first_levels,
        string_agg(rater || ': ' || levels, ', ' order by rater) as by_rater,
        string_agg(distinct reason, '; ' order by reason) as reasons
    from {{ ref('stg_extraction__grade_judgements') }}
    group by analysis_id, domain
),

final as (
    select
        analysis_id,
        domain,
        coalesce(final_levels, if(n_judgements = 1, first_levels, null)) as levels,
        reasons,
        if(
            final_levels is null and n_judgements > 1,
            'the raters differ and no final judgement is given (' || by_rater || ')', null
        ) as missing_reason
    from judgements
)

select * from final
