-- Grain: one row per figure of one graded analysis, scheme and criterion, under recommended.
with

figures as (
    select
        figures.figure_id,
        blocks.analysis_id
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    where figures.figure_kind = 'grade_criteria'
),

grades as (
    select * from {{ ref('rpt_grades') }}
    where policy_id = 'recommended' and status != 'no_result'
),

criteria as (
    select * from {{ ref('fct_grade_criteria') }}
),

final as (
    select
        figures.figure_id,
        figures.analysis_id,
        grades.headline_label,
        criteria.scheme,
        grades.scheme_label,
        grades.scheme_order,
        criteria.criterion,
        criteria.criterion_order,
        criteria.criterion_label,
        replace(criteria.domain, '_', ' ') as domain,
        criteria.value,
        criteria.bound,
        criteria.input_source,
        criteria.unit,
        criteria.comparison,
        criteria.threshold,
        if(criteria.value is null, null, criteria.value_text) as value_text,
        criteria.comparison || ' ' || {{ short_number('criteria.threshold') }} as needs_text,
        criteria.status,
        replace(criteria.status, ' ', '_') as status_code,
        replace(criteria.reason_not_assessable, '_', ' ') as reason_not_assessable,
        criteria.is_decisive,
        {{ true_minus('criteria.effect_on_grade') }} as effect_on_grade,
        {{ true_minus('criteria.withholds') }} as withholds
    from figures
    inner join grades on figures.analysis_id = grades.analysis_id
    inner join criteria
        on
            grades.grade_id = criteria.graded_id || ':' || criteria.scheme
)

select * from final
order by figure_id, scheme_order, scheme, criterion_order
