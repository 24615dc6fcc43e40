-- Grain: one row per figure of the report.
with

figures as (
    select * from {{ ref('dim_figures') }}
),

policies as (
    select
        policy_id,
        label,
        regexp_replace(description, '\bk-(\d)', 'k−\1', 'g')
        || if(
            overlap_handling = 'none',
            ' [[Studies]] shared between [[members]] are not corrected for.',
            ''
        ) as words
    from {{ ref('dim_policies') }}
),

captions as (
    select
        max(words) filter (policy_id = 'recommended') as recommended,
        max(words) filter (policy_id = 'seed_paper') as seed_paper,
        max('policy “' || label || '”') filter (policy_id = {{ independent_policy() }})
            as independent,
        (select count(person_time_unit) > 0 from {{ ref('rpt_evidence_map') }})
            as map_has_person_time
    from policies
),

-- What the sides of an axis mean, where all analyses of a figure agree on it.
shown_analyses as (
    select
        blocks.figure_id,
        analyses.analysis_id
    from {{ ref('stg_protocol__figure_blocks') }} as blocks
    inner join {{ ref('dim_analyses') }} as analyses
        on blocks.analysis_id = analyses.analysis_id
    union
    select
        figures.figure_id,
        analyses.analysis_id
    from figures
    inner join {{ ref('dim_analyses') }} as analyses
        on
            figures.measure = analyses.scale_short_label
            and analyses.is_headline
    where
        figures.figure_id not in (
            select figure_id from {{ ref('stg_protocol__figure_blocks') }}
        )
),

axes as (
    select
        shown.figure_id,
        {{ value_of_all('analyses.scale_label') }} as scale_label,
        {{ value_of_all('analyses.decimals') }} as decimals,
        {{ value_of_all('analyses.no_effect') }} as no_effect,
        {{ value_of_all('analyses.above_favours') }} as above_favours,
        {{ value_of_all('analyses.above_text') }} as above_text,
        {{ value_of_all('analyses.below_text') }} as below_text,
        {{ value_of_all('analyses.side_verb') }} as side_verb,
        {{ value_of_all('analyses.above_axis') }} as above_axis,
        {{ value_of_all('analyses.below_axis') }} as below_axis
    from shown_analyses as shown
    inner join {{ ref('dim_analyses') }} as analyses
        on shown.analysis_id = analyses.analysis_id
    group by shown.figure_id
),

forests as (
    select
        figure_id,
        bool_or(row_kind = 'pooled') as has_pooled
    from {{ ref('rpt_forest') }}
    group by figure_id
),

overlap as (
    select
        'CCA = (N − r) / (rc − r): N inclusions, r [[studies]], c [[members]], sorted by '
        || '[[condition]]. Overall '
        || if(
            cca is null,
            'not known (' || replace(status, '_', ' ') || ')',
            format('{:.1f}% ({})', cca, lower(band_label))
        )
        || if(
            cca_possible_cells is null,
            '',
            format(
                '; {:.1f}% without the cells of [[studies]] younger than the search',
                cca_possible_cells
            )
        )
        || format(
            ', over the {} of {} [[members]] with a complete list of [[studies]] ({} inferred). ',
            n_lists, n_meta_analyses, n_inferred_lists
        )
        || format(
            '{} have a partial list and {} none: their overlap is not known, not taken as zero.',
            n_partial_lists, n_without_list
        )
        || ' No interval: the area is a count, not an estimate.' as words
    from {{ ref('rpt_overlap_summary') }}
),

multiverse as (
    select
        figure_id,
        format(
            '{} specifications, {} with an estimate, over {} different sets of [[members]]; ',
            max(n_specifications), max(n_with_estimate), max(n_member_sets)
        )
        || if(
            count(*) < max(n_with_estimate),
            format('{} at even steps are drawn, both ends and the prespecified one too.', count(*)),
            'all are drawn.'
        )
        || ' Estimator, 95% interval and overlap handling vary as marked below the curve; a '
        || 'specification is a choice, not a sample, and the curve has no P.' as words
    from {{ ref('rpt_multiverse') }}
    group by figure_id
),

funnels as (
    select
        figure_id,
        max(egger_smd_k) > 0 as has_sizes
    from {{ ref('rpt_funnel_summary') }}
    group by figure_id
),

omissions as (
    select
        figure_id,
        bool_or(row_kind = 'ceiling') as has_ceilings
    from {{ ref('rpt_leave_one_out') }}
    group by figure_id
),

grown as (
    select distinct figure_id
    from {{ ref('rpt_cumulative') }}
),

regressions as (
    select distinct figure_id
    from {{ ref('rpt_regressions') }}
),

influences as (
    select distinct figure_id
    from {{ ref('rpt_influence') }}
),

over_months as (
    select
        figure_id,
        bool_or(row_kind = 'change') as has_changes
    from {{ ref('rpt_months') }}
    group by figure_id
    having bool_or(row_kind = 'member')
),

pairs as (
    select distinct figure_id
    from {{ ref('rpt_rate_pairs') }}
),

published_flow as (
    select count(*) > 0 as is_there
    from {{ ref('rpt_study_flow') }}
    where source = 'published'
),

-- A dropout figure of one condition needs a number to draw.
staying as (
    select figures.figure_id
    from figures
    inner join {{ ref('rpt_dropout') }} as rates on figures.condition = rates.condition
    where figures.figure_kind = 'dropout'
    group by figures.figure_id
    having
        count(
            coalesce(
                rates.pooled_rate, rates.crude_rate, rates.published_percent,
                rates.published_range_low, rates.range_low
            )
        ) > 0
),

published_grades as (
    select
        ' The published review judged '
        || printf('%.0f', max(denominator)) || ' results by GRADE: '
        || string_agg(
            printf('%.0f', numerator) || ' ' || replace(item, '_', ' '), ', ' order by row_number
        ) || '.' as words
    from {{ ref('stg_published__counts') }}
    where topic = 'grade' and numerator is not null
),

published_quality as (
    select
        if(
            count(*) > 0,
            ' Published: as printed; which [[members]] it rates is not known.',
            ''
        ) as words
    from {{ ref('rpt_quality_shares') }}
    where group_kind = 'published'
),

criteria as (
    select distinct figure_id
    from {{ ref('rpt_grade_criteria') }}
),

counts as (
    select
        'overlap' as figure_kind,
        count(*) as n
    from {{ ref('rpt_overlap') }}
    union all
    select
        'evidence_map' as figure_kind,
        sum(n_meta_analyses) as n
    from {{ ref('rpt_evidence_map') }}
    union all
    select
        'agreement' as figure_kind,
        count(*) as n
    from {{ ref('rpt_agreement') }}
    union all
    select
        'grades' as figure_kind,
        count(*) as n
    from {{ ref('rpt_grades') }}
    union all
    select
        'quality' as figure_kind,
        count(*) as n
    from {{ ref('rpt_quality_shares') }}
    union all
    select
        'audit' as figure_kind,
        count(*) as n
    from {{ ref('rpt_claim_audit') }}
    union all
    select
        'headline' as figure_kind,
        count(estimate) as n
    from {{ ref('rpt_headline') }}
),

filled as (
    select figure_kind from counts
    where n > 0
),

-- What pooled meta-analyses are not.
members as (
    select if(bool_and(unit = 'trial'), '', ', not [[studies]]') as apart
    from {{ ref('dim_analyses') }}
    where is_headline
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
                        || ' Conventional method: ' || captions.seed_paper,
                        'No block holds two [[members]] of this extraction: nothing is pooled.'
                    )
                    || case figures.rows_by
                        when 'effect' then ' Rows: the smallest effect first.'
                        when 'weight' then ' Rows: the largest weight first.'
                        when 'precision' then ' Rows: the most precise first.'
                        when 'name' then ' Rows: by name.'
                        else ''
                    end
            when 'headline'
                then captions.recommended
            when 'flow'
                then
                    if(
                        published_flow.is_there,
                        'The published flow in the boxes of PRISMA 2020, as far as it is printed, '
                        || 'with the flow of this independent extraction.',
                        'From the sheets: what became of each [[member]].'
                    )
            when 'dropout'
                then
                    if(
                        figures.measure = 'percent',
                        'Crude: events over participants, exact interval. Pooled on the logit '
                        || 'scale: ',
                        'Crude: events over person-time, exact interval. Rates are pooled by '
                        || 'their logarithms: '
                    )
                    || captions.recommended
                    || ' Where only a range over [[studies]] is known, the range is drawn and no '
                    || 'interval is invented.'
            when 'rate_pairs'
                then
                    'Both rates are reported by one [[member]] (or for one trial), by one '
                    || 'definition. Most come without an interval: their differences are not '
                    || 'pooled, only the direction is tested (exact two-sided sign test; a '
                    || '[[member]] counts once, and in neither direction where its pairs '
                    || 'disagree). Fewer than six that agree cannot reach a P below 0.05.'
            when 'overlap' then overlap.words
            when 'multiverse' then multiverse.words
            when 'funnel'
                then
                    'Points are [[members]]' || members.apart || '. Pooled: '
                    || captions.recommended
                    || ' Dashed lines: pooled estimate ± 1.96 standard errors of a point. '
                    || 'Shading: two-sided P of a point against no effect, not against the pooled '
                    || 'estimate. Tests and trim and fill take [[members]] as independent. '
                    || 'Egger''s test: line on the standard error, weights 1/SE², dispersion from '
                    || 'the residuals, t with k−2 degrees of freedom.'
                    || if(
                        funnels.has_sizes,
                        ' Its variant for standardised mean differences, whose standard error '
                        || 'holds the effect itself, has √(1/n1 + 1/n2) in its place '
                        || '(Pustejovsky and Rodgers 2019), over [[members]] that report '
                        || 'participants; arms are taken as equal where only the total is known.',
                        ''
                    )
                    || coalesce(
                        ' Trim and fill (Duval and Tweedie 2000, L0; ' || captions.independent
                        || ') is a sensitivity analysis.', ''
                    )
            when 'leave_one_out'
                then
                    'Each row pools all [[members]] but the one named: '
                    || captions.recommended
                    || ' One that is left alone keeps its reported interval.'
                    || if(
                        omissions.has_ceilings,
                        ' Credibility ceiling of c: no [[member]] may leave less than the '
                        || 'chance c to the other sign, its standard error is at least |effect| '
                        || 'over the normal quantile of 1 − c (Salanti and Ioannidis 2009); '
                        || captions.independent
                        || ', which the formula asks for, so 0% may differ from the result above.',
                        ''
                    )
            when 'cumulative'
                then
                    'Each row pools those of today''s [[members]] that were published up to the '
                    || 'end of a year: ' || captions.recommended
                    || ' One that was updated since enters only in the year of its update, so '
                    || 'that a row need not be what was known then. '
                    || 'A single one keeps its reported interval. Rows hold what the rows above '
                    || 'them hold, so they are no independent evidence, and no test is corrected '
                    || 'for looking each year.'
            when 'bubble'
                then
                    'Meta-regression on one moderator at a time, ' || captions.independent
                    || ', of ten or more [[members]] that have it. A slope is an association '
                    || 'between [[members]]: it need not hold between the people in them, other '
                    || 'things change with it, and it shows no cause.'
            when 'influence'
                then
                    'Baujat plot (Baujat and others 2002) and case-deletion diagnostics '
                    || '(Viechtbauer and Cheung 2010), ' || captions.independent
                    || ': the measures take [[members]] as independent, so the estimate may differ '
                    || 'from the main result. Beyond a limit a [[member]] deserves a look; it is '
                    || 'no reason to leave it out.'
            when 'months'
                then
                    'Effects between groups, not within one. Pooled: ' || captions.recommended
                    || ' A [[member]] enters a pool once, with its largest number of [[studies]]. '
                    || 'Fewer [[studies]], and fewer people, are often left at follow-up.'
                    || if(
                        over_months.has_changes,
                        ' Change: follow-up less after treatment within the [[members]] that '
                        || 'give both; ' || captions.independent || '. No source reports how the '
                        || 'two effects correlate: the change is given for each correlation that '
                        || 'is assumed.',
                        ''
                    )
            when 'evidence_map'
                then
                    'Counted: [[members]] of the extraction with an effect on the outcome that '
                    || 'can be pooled; each counts once in a cell. Any includes mixed and '
                    || 'unclear. Participants'
                    || if(captions.map_has_person_time, ' or person-time', '')
                    || ': sum over those that report them; shared [[studies]] '
                    || 'count again. Pooled: '
                    || captions.recommended
                    || ' Shown where the protocol declares the analysis and it pools at least two; '
                    || 'it may pool fewer than are counted (k in the table).'
            when 'grades'
                then
                    'Graded by rules that are rows of sheets; units are [[members]]. '
                    || 'What is not known counts as not met. Recommended: '
                    || captions.recommended || coalesce(published_grades.words, '')
            when 'grade_criteria'
                then
                    'A class asks for all of its criteria; GRADE by rule loses points in each '
                    || 'domain by the first rule whose criteria hold. Small-study tests, I² and '
                    || 'prediction interval are over [[members]]' || members.apart
                    || '. Recommended: '
                    || captions.recommended
            when 'quality'
                then
                    'The answer that counts is the final one, else the one that both raters '
                    || 'give, else that of the only rater. A rating needs every item answered and '
                    || 'settled.' || published_quality.words
            when 'agreement'
                then
                    'Rows that both extractors found, before any adjudication. Numbers agree '
                    || 'within the tolerance declared for the field. Percentage: Wilson 95% '
                    || 'interval; Cohen''s kappa and Gwet''s AC1 for codes, ICC(A,1) for numbers, '
                    || 'with 95% intervals. Rows of one [[member]] are taken as independent.'
            when 'audit'
                then
                    'Arithmetic checks allow for rounding. Recomputed: this extraction by the '
                    || 'conventional method; the number of [[members]] differs on the two sides.'
        end as caption,
        figures.published_figure,
        figures.measure,
        coalesce(scales.shown_as = 'exp' and scales.no_effect is not null, false) as is_log_scale,
        coalesce(axes.scale_label, scales.label) as scale_label,
        coalesce(axes.decimals, scales.decimals) as decimals,
        coalesce(axes.no_effect, scales.no_effect) as no_effect,
        axes.above_favours,
        axes.above_text,
        axes.below_text,
        axes.side_verb,
        axes.above_axis,
        axes.below_axis,
        figures.condition,
        figures.slug
    from figures
    cross join captions
    cross join members
    cross join published_flow
    cross join published_grades
    cross join published_quality
    left join forests on figures.figure_id = forests.figure_id
    left join axes on figures.figure_id = axes.figure_id
    left join {{ ref('stg_protocol__scales') }} as scales
        on figures.measure = scales.short_label
    left join multiverse on figures.figure_id = multiverse.figure_id
    left join criteria on figures.figure_id = criteria.figure_id
    left join overlap on figures.figure_kind = 'overlap'
    left join filled on figures.figure_kind = filled.figure_kind
    left join funnels on figures.figure_id = funnels.figure_id
    left join omissions on figures.figure_id = omissions.figure_id
    left join grown on figures.figure_id = grown.figure_id
    left join regressions on figures.figure_id = regressions.figure_id
    left join influences on figures.figure_id = influences.figure_id
    left join over_months on figures.figure_id = over_months.figure_id
    left join pairs on figures.figure_id = pairs.figure_id
    left join staying on figures.figure_id = staying.figure_id
    where
        case
            when figures.figure_kind = 'forest' then forests.figure_id is not null
            when figures.figure_kind = 'multiverse' then multiverse.figure_id is not null
            when figures.figure_kind = 'funnel' then funnels.figure_id is not null
            when figures.figure_kind = 'leave_one_out' then omissions.figure_id is not null
            when figures.figure_kind = 'cumulative' then grown.figure_id is not null
            when figures.figure_kind = 'bubble' then regressions.figure_id is not null
            when figures.figure_kind = 'influence' then influences.figure_id is not null
            when figures.figure_kind = 'rate_pairs' then pairs.figure_id is not null
            when figures.figure_kind = 'months' then over_months.figure_id is not null
            when figures.figure_kind = 'grade_criteria' then criteria.figure_id is not null
            when figures.figure_kind = 'dropout' and figures.condition is not null
                then staying.figure_id is not null
            when
                figures.figure_kind in (
                    'overlap', 'evidence_map', 'agreement', 'grades', 'quality', 'audit',
                    'headline'
                )
                then filled.figure_kind is not null
            else true
        end
),

-- On a page the methods are a link away, and said once.
named as (
    select
        final.*,
        if(
            final.caption = captions.recommended,
            'Pooled by the recommended method.',
            replace(
                regexp_replace(
                    replace(final.caption, captions.recommended, '{recommended}'),
                    '(Pooled|Recommended): \{recommended\}',
                    'Pooled by the recommended method.',
                    'g'
                ),
                ': {recommended}',
                ', by the recommended method.'
            )
        ) as pooled_by_name,
        ' Conventional method: ' || captions.seed_paper as conventional
    from final
    cross join captions
)

select
    named.* exclude (pooled_by_name, conventional)
    replace ({{ review_words('named.caption') }} as caption),
    {{ review_words(
        "coalesce(replace(named.pooled_by_name, named.conventional, ''), named.pooled_by_name)"
    ) }} as page_caption
from named
cross join {{ ref('dim_review') }} as review
