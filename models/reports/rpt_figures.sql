-- Grain: one row per figure of the report.
with

figures as (
    select * from {{ ref('stg_protocol__figures') }}
),

policies as (
    select
        policy_id,
        regexp_replace(description, '\bk-(\d)', 'k−\1', 'g') as words
    from {{ ref('stg_protocol__policies') }}
),

captions as (
    select
        max(words) filter (policy_id = 'recommended') as recommended,
        max(words) filter (policy_id = 'seed_paper') as seed_paper
    from policies
),

forests as (
    select
        figure_id,
        bool_or(row_kind = 'pooled') as has_pooled
    from {{ ref('rpt_forest') }}
    group by figure_id
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
                    if(
                        forests.has_pooled,
                        'Pooled: ' || captions.recommended
                        || ' Seed paper''s method: ' || captions.seed_paper
                        || ' Trials shared between meta-analyses are not corrected for.',
                        'No block holds two meta-analyses of this extraction: nothing is pooled.'
                    )
                    || if(
                        figures.measure = 'SMD', '',
                        ' A ratio is inverted where the source says that values below one favour '
                        || 'the intervention.'
                    )
            when 'headline'
                then
                    'Published: as printed in the review. Recomputed from this extraction, which '
                    || 'holds other meta-analyses than the published review. Recommended: '
                    || captions.recommended || ' Seed paper''s method: ' || captions.seed_paper
                    || ' Trials shared between meta-analyses are not corrected for.'
            when 'flow'
                then
                    'The published flow in the boxes of PRISMA 2020, as far as it is printed, '
                    || 'beside the flow of this independent extraction.'
            when 'dropout'
                then
                    'Crude: events over participants, exact (Clopper-Pearson) interval. Pooled on '
                    || 'the logit scale: ' || captions.recommended
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
    left join forests on figures.figure_id = forests.figure_id
    where figures.figure_kind != 'forest' or forests.figure_id is not null
)

select * from final
