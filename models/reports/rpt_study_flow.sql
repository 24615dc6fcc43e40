-- Grain: one row per box of the flow figure. The published side has every box of the PRISMA 2020
-- template, n is NULL where the review is silent; a flow with a stage that the template does not
-- have is shown as it is printed.
with

flow as (
    select * from {{ ref('fct_study_flow') }}
),

printed as (
    select * from flow
    where source = 'published'
),

template as (
    select template.*
    from (
        values
        (1, 'records_identified', 'Records identified', 'Records removed before screening'),
        (2, 'records_screened', 'Records screened', 'Records excluded'),
        (3, 'reports_sought', 'Reports sought for retrieval', 'Reports not retrieved'),
        (
            4,
            'records_after_deduplication_and_title_abstract_screening',
            'Reports assessed for eligibility',
            'Reports excluded'
        ),
        (5, 'meta_analyses_included', 'Meta-analyses included', null)
    ) as template (stage_order, stage_id, label, excluded_label)
),

fit as (
    select count(*) > 0 and bool_and(template.stage_id is not null) as is_prisma
    from printed
    left join template on printed.stage_id = template.stage_id
),

boxes as (
    select
        template.stage_order,
        template.stage_id,
        'published' as source,
        template.label,
        printed.n,
        lead(printed.n) over (order by template.stage_order) as n_next,
        template.excluded_label
    from template
    cross join fit
    left join printed on template.stage_id = printed.stage_id
    where fit.is_prisma
),

published as (
    select
        stage_order,
        stage_id,
        source,
        label,
        n,
        if(n_next <= n, n - n_next, null) as n_excluded,
        excluded_label
    from boxes
),

as_given as (
    select
        flow.stage_order,
        flow.stage_id,
        flow.source,
        flow.label,
        flow.n,
        flow.n_excluded,
        flow.excluded_label
    from flow
    cross join fit
    where flow.source = 'this_extraction' or not fit.is_prisma
),

stacked as (
    select * from published
    union all
    select * from as_given
),

final as (
    select
        cast(stage_order as integer) as stage_order,
        stage_id,
        source,
        label,
        cast(n as integer) as n,
        cast(n_excluded as integer) as n_excluded,
        excluded_label,
        source = 'published' and n_excluded is not null as is_derived
    from stacked
)

select * from final
order by source, stage_order
