-- Grain: one row per figure of the report.
with

figures as (
    select * from {{ ref('stg_protocol__figures') }}
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
),

captions as (
    select
        max(description) filter (policy_id = 'recommended') as recommended,
        max(description) filter (policy_id = 'seed_paper') as seed_paper
    from policies
),

final as (
    select
        figures.figure_id,
        cast(figures.sort_order as integer) as sort_order,
        figures.figure_kind,
        figures.title,
        figures.subtitle,
        case figures.figure_kind
            when 'forest'
                then
                    'Pooled: ' || captions.recommended
                    || ' Seed paper''s method: ' || captions.seed_paper
                    || if(
                        figures.measure = 'SMD', '',
                        ' A ratio is inverted where the source says that values below one favour '
                        || 'the intervention.'
                    )
                    || ' Trials shared between meta-analyses are not corrected for.'
            when 'headline'
                then
                    'Published: as printed in the review. Recomputed from this extraction, which '
                    || 'holds other meta-analyses than the published review. Recommended: '
                    || captions.recommended || ' Seed paper''s method: ' || captions.seed_paper
                    || ' Trials shared between meta-analyses are not corrected for.'
            when 'flow'
                then
                    'The published flow as far as it is printed, beside the flow of this '
                    || 'independent extraction.'
            when 'dropout'
                then
                    'Crude: events over participants, exact (Clopper-Pearson) interval. Pooled: '
                    || 'random effects on the logit scale, ' || captions.recommended
                    || ' Where only a range over trials is known, the range is drawn and no '
                    || 'interval is invented.'
            else
                'Arithmetic checks allow for rounding. Recomputed: this extraction under the seed '
                || 'paper''s method; the number of meta-analyses differs on the two sides.'
        end as caption,
        figures.published_figure,
        figures.measure,
        figures.measure in ('OR', 'RR') as is_log_scale
    from figures
    cross join captions
    where
        figures.figure_kind != 'forest'
        or figures.figure_id in (select figure_id from {{ ref('rpt_forest') }})
)

select * from final
