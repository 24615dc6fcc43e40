-- Grain: one row per line of the summary of findings, cell of it, and footnote of the cell.
with

lines as (
    select
        findings.*,
        {{ absolute_measure('analyses.scale') }} as absolute_measure,
        analyses.scale,
        analyses.no_effect,
        analyses.arm,
        coalesce(pooled.has_verdict, true) as has_verdict,
        review.studied_word,
        review.comparison_word,
        review.member_word,
        review.members_word
    from {{ ref('rpt_findings') }} as findings
    inner join {{ ref('dim_analyses') }} as analyses
        on findings.analysis_id = analyses.analysis_id
    left join {{ ref('fct_pooled_effects') }} as pooled
        on findings.analysis_id = pooled.analysis_id and pooled.policy_id = 'recommended'
    cross join {{ ref('dim_review') }} as review
),

ways as (
    select
        ways.*,
        lines.studied_word,
        lines.comparison_word
    from {{ ref('rpt_absolute_effects') }} as ways
    inner join lines on ways.analysis_id = lines.analysis_id
),

has_ways as (
    select
        analysis_id,
        count_if(way in ('risk', 'response')) as n_risks,
        count_if(way = 'pairs') as n_pairs
    from ways
    group by analysis_id
),

classes as (
    select
        'reported_effects' as source_sheet,
        effect_id,
        comparator_class
    from {{ ref('fct_effects') }}
    union all
    select
        'primary_studies' as source_sheet,
        trials.comparison_id as effect_id,
        -- One row stands for all comparisons of its trial.
        if(
            min(comparators.comparator_class) over of_trial
            = max(comparators.comparator_class) over of_trial,
            comparators.comparator_class,
            'mixed'
        ) as comparator_class
    from {{ ref('fct_trial_effects') }} as trials
    left join {{ ref('stg_vocabulary__comparators') }} as comparators
        on trials.comparator = comparators.code
    window of_trial as (
        partition by trials.meta_analysis_id, trials.study, trials.outcome
    )
),

-- Lines open to any comparator whose members happen to share one class.
of_one_class as (
    select
        members.analysis_id,
        min(classes.comparator_class) as comparator_class
    from {{ ref('fct_analysis_members') }} as members
    inner join {{ ref('dim_analyses') }} as analyses on members.analysis_id = analyses.analysis_id
    left join classes
        on
            members.source_sheet = classes.source_sheet
            and members.effect_id = classes.effect_id
    where
        members.policy_id = 'recommended'
        and members.is_member
        and analyses.no_effect is not null
        and analyses.comparator_class is null
    group by members.analysis_id
    having
        count(distinct coalesce(classes.comparator_class, 'unclear')) = 1
        and min(classes.comparator_class) not in ('mixed', 'unclear')
),

domains as (
    select
        grades.analysis_id,
        domains.domain_order,
        replace(domains.domain, '_', ' ') as domain,
        domains.points,
        {{ true_minus("replace(domains.reason, '_', ' ')") }} as reason
    from {{ ref('fct_grade_domains') }} as domains
    inner join {{ ref('fct_evidence_grades') }} as grades
        on domains.graded_id = grades.graded_id and domains.scheme = grades.scheme
    inner join {{ ref('dim_grading_schemes') }} as schemes on grades.scheme = schemes.scheme
    where
        schemes.role = 'certainty'
        and grades.graded_kind = 'pooled_result'
        and grades.policy_id = 'recommended'
        and grades.status != 'no_result'
),

notes as (
    select
        analysis_id,
        'assumed' as cell,
        row_order as place,
        case
            when way = 'response'
                then 'Assumed share of people who respond without the ' || studied_word
            when unit = 'per 1000 people' then 'Assumed risk with ' || comparison_word
            else 'Assumed rate with ' || comparison_word
        end || coalesce(', ' || label, '') || ': ' || source || '.' as note
    from ways
    where way in ('risk', 'response')

    union all

    select
        lines.analysis_id,
        'assumed' as cell,
        50 as place,
        case
            when lines.absolute_measure = 'incidence_rate_ratio'
                then 'No rate with ' || lines.comparison_word || ' is stated for this outcome'
            when lines.absolute_measure is not null
                then 'No risk with ' || lines.comparison_word || ' is stated for this outcome'
            else
                'No share of people who respond without the ' || lines.studied_word || ' is stated'
        end
        || if(
            lines.absolute_measure is null,
            ', so that no number needed to treat by Furukawa and Leucht 2011 can be given.',
            ', so that no absolute effect can be given.'
        ) as note
    from lines
    left join has_ways on lines.analysis_id = has_ways.analysis_id
    where
        lines.estimate is not null
        and lines.has_verdict
        and coalesce(has_ways.n_risks, 0) = 0
        and (lines.absolute_measure is not null or has_ways.n_pairs > 0)

    union all

    select
        analysis_id,
        'assumed' as cell,
        60 as place,
        {{ in_sentence_case('members_word') }} || ' are too few for a pooled verdict, so that no '
        || 'absolute effect is given.' as note
    from lines
    where
        estimate is not null
        and not has_verdict
        and (absolute_measure is not null or scale = 'smd')

    union all

    select
        analysis_id,
        'difference' as cell,
        row_order as place,
        case way
            when 'pairs'
                then
                    'Number needed to ' || if(nnt < 0, 'harm', 'treat')
                    || ' by Kraemer and Kupfer 2006, which needs no assumed risk: success is to '
                    || 'be the better off of two people, one of each group.'
            when 'response'
                then
                    'Number needed to ' || if(nnt < 0, 'harm', 'treat')
                    || ' by Furukawa and Leucht 2011, from the share of people who respond '
                    || 'without the ' || studied_word || '.'
            when 'points'
                then
                    'Points of ' || label || ': the standardised mean difference times a standard '
                    || 'deviation of ' || printf('%g', sd) || ' (' || source || ').'
        end as note
    from ways
    where way = 'points' or (way in ('pairs', 'response') and nnt is not null)

    union all

    select
        analysis_id,
        'difference' as cell,
        100 + row_order as place,
        'The interval includes no effect, where the number needed is infinite: to one side of '
        || 'infinity lies benefit, to the other harm (Altman 1998).' as note
    from ways
    where (nnt_low > 0 and nnt_high < 0) or (nnt_low is null) != (nnt_high is null)
    qualify row_number() over (partition by analysis_id order by row_order) = 1

    union all

    select
        analysis_id,
        'difference' as cell,
        200 as place,
        'No risk can be above 1000 in 1000 or below none: what lies beyond is shown as that.'
            as note
    from ways
    where is_capped
    qualify row_number() over (partition by analysis_id order by row_order) = 1

    union all

    select
        analysis_id,
        case
            when no_effect is not null then 'effect'
            when arm = 'control' then 'assumed'
            else 'corresponding'
        end as cell,
        1 as place,
        case
            when published_estimate is not null
                then
                    'Printed by the published review; nothing of this extraction can be pooled, '
                    || 'and no absolute effect is made of it.'
            when range_low < range_high
                then 'Lowest and highest that is reported; nothing can be pooled.'
            when range_low is not null then 'As reported; not pooled.'
            else 'One ' || member_word || ', as it reports: not pooled.'
        end as note
    from lines
    where
        published_estimate is not null
        or range_low is not null
        or (k = 1 and estimate is not null and member_word is not null)

    union all

    select
        analysis_id,
        'effect' as cell,
        2 as place,
        'Compared with ' || comparator_class || ' controls only.' as note
    from of_one_class

    union all

    select
        domains.analysis_id,
        'certainty' as cell,
        domains.domain_order as place,
        case
            when domains.points is null then {{ in_sentence_case('domains.reason') }}
            when domains.points < 0
                then
                    'Upgraded by ' || {{ counted('abs(domains.points)', "'level'", "'levels'") }}
                    || ': ' || domains.reason
            else
                'Downgraded by ' || {{ counted('domains.points', "'level'", "'levels'") }}
                || ' for ' || domains.domain || ' (' || domains.reason || ')'
        end || '.' as note
    from domains
    where domains.points is distinct from 0
),

final as (
    select
        notes.analysis_id,
        notes.cell,
        cast(
            row_number() over (
                order by
                    lines.row_order,
                    list_position(
                        ['assumed', 'corresponding', 'difference', 'effect', 'certainty'],
                        notes.cell
                    ),
                    notes.place,
                    notes.note
            ) as integer
        ) as row_order,
        notes.note
    from notes
    inner join lines on notes.analysis_id = lines.analysis_id
    where notes.note is not null
)

select * from final
order by row_order
