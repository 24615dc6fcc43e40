{% macro protocol_fault_ctes() %}
wide_measures as (
    {{ wide_cells('measures', [], ['family', 'converts_to_smd', 'role']) }}
),

wide_analyses as (
    {{ wide_cells('analyses', [], analysis_filters() + [
        'analysis_id', 'analysis_group', 'is_headline', 'scale', 'unit', 'required_scope',
        'selection_rule', 'claim_id', 'count_id', 'measure_unit',
    ]) }}
),

wide_scales as (
    {{ wide_cells('scales', [], ['scale', 'short_label']) }}
),

wide_policies as (
    {{ wide_cells('policies', ['ci_level', 'default_correlation'], [
        'policy_id', 'tau2_method', 'ci_method', 'pi_method', 'tau2_ci_method', 'overlap_handling',
        'converted_effects',
    ]) }}
),

wide_figures as (
    {{ wide_cells('figures', [], ['figure_id', 'figure_kind', 'measure', 'contrast_id', 'rows_by']) }}
),

wide_blocks as (
    {{ wide_cells('figure_blocks', [], ['figure_id', 'analysis_id']) }}
),

wide_contrasts as (
    {{ wide_cells('contrasts', [], ['contrast_id', 'analysis_id']) }}
),

wide_conversions as (
    {{ wide_cells('conversions', [], ['role', 'from_scale', 'to_scale', 'used']) }}
),

contrast_scales as (
    select
        wide_contrasts.row_number,
        wide_analyses.scale,
        first_value(wide_analyses.scale) over (
            partition by wide_contrasts.contrast_id order by wide_contrasts.row_number
        ) as first_scale
    from wide_contrasts
    inner join wide_analyses on wide_contrasts.analysis_id = wide_analyses.analysis_id
),

protocol_faults as (
    select
        'measures' as sheet,
        row_number,
        'converts_to_smd' as column_name,
        converts_to_smd as value,
        'a ratio without a known conversion to an SMD' as reason,
        'n, for any ratio but an odds ratio' as expected,
        'reject' as severity
    from wide_measures
    where
        family = 'ratio'
        and converts_to_smd = 'y'
        and coalesce(role, '') not in ('odds_ratio', 'log_odds_ratio')
    {%- for rows, test in [
        ('rates', is_of_rates('scale')),
        ('effects', 'not ' ~ is_of_rates('scale') ~ " and unit = 'meta_analysis'"),
        ('trials', 'not ' ~ is_of_rates('scale') ~ " and unit = 'trial'"),
    ] %}
    {%- for column in analysis_filters() if column not in analysis_filters(rows) %}

    union all

    select
        'analyses' as sheet,
        row_number,
        '{{ column }}' as column_name,
        {{ column }} as value,
        '{{ rows }} carry no {{ column }} to filter by' as reason,
        'an empty cell, for this scale' as expected,
        'reject' as severity
    from wide_analyses
    where {{ test }} and {{ column }} is not null
    {%- endfor %}
    {%- endfor %}

    union all

    select
        'analyses' as sheet,
        row_number,
        'required_scope' as column_name,
        required_scope as value,
        'rates carry no scope' as reason,
        'any, where the scale is of rates' as expected,
        'reject' as severity
    from wide_analyses
    where {{ is_of_rates('scale') }} and required_scope = 'overall'

    union all

    select
        'analyses' as sheet,
        row_number,
        'condition' as column_name,
        condition as value,
        if(
            condition is null,
            'a headline result without a condition',
            'another headline result takes the same already'
        ) as reason,
        'headline results that differ in condition, outcome, scale, unit or another filter' as expected,
        'reject' as severity
    from wide_analyses
    where {{ is_headline('wide_analyses') }}
    qualify
        condition is null
        or row_number() over (
            partition by
                {{ analysis_filters() | join(', ') }}, scale, measure_unit, selection_rule
            order by row_number
        ) > 1

    union all

    select
        'analyses' as sheet,
        row_number,
        'months_band' as column_name,
        months_band as value,
        'months after treatment without a follow-up' as reason,
        'an empty cell, unless timepoint is follow_up' as expected,
        'reject' as severity
    from wide_analyses
    where months_band is not null and timepoint is distinct from 'follow_up'

    union all

    select
        'conversions' as sheet,
        row_number,
        'to_scale' as column_name,
        concat_ws(' to ', from_scale, to_scale) as value,
        'no conversion between these scales is known' as reason,
        '{% for from, to, _ in conversions() %}{{ "; " if not loop.first }}{{ from }} to {{ to }}{% endfor %}'
            as expected,
        'reject' as severity
    from wide_conversions
    where
        role = 'between_scales'
        and concat_ws(' to ', from_scale, to_scale) not in (
            {%- for from, to, _ in conversions() %}
            '{{ from }} to {{ to }}'{{ "," if not loop.last }}
            {%- endfor %}
        )

    union all

    select
        'conversions' as sheet,
        row_number,
        'role' as column_name,
        role as value,
        'another row says the same conversion already' as reason,
        'one row for each conversion' as expected,
        'reject' as severity
    from wide_conversions
    qualify row_number() over (partition by role, from_scale, to_scale order by row_number) > 1

    union all

    select
        'conversions' as sheet,
        row_number,
        'used' as column_name,
        used as value,
        'a conversion of a bound is not declared by an analysis' as reason,
        'always or never' as expected,
        'reject' as severity
    from wide_conversions
    where role not in ('between_scales', 'between_amounts') and used = 'declared'

    union all

    select
        'policies' as sheet,
        row_number,
        'converted_effects' as column_name,
        converted_effects as value,
        'the results that pages show pool what the protocol converts' as reason,
        'pooled, or left_out in a policy of another name' as expected,
        'reject' as severity
    from wide_policies
    where policy_id in ('seed_paper', 'recommended') and converted_effects = 'left_out'

    union all

    select
        'policies' as sheet,
        row_number,
        'ci_level' as column_name,
        cast(ci_level as varchar) as value,
        if(
            ci_level <= 0.5 or ci_level >= 1,
            'not a confidence level',
            'charts and audit print 95% intervals of this policy'
        ) as reason,
        if(
            policy_id in ('seed_paper', 'recommended'),
            '0.95, or the level in a policy of another name',
            'a fraction between 0.5 and 1, such as 0.95'
        ) as expected,
        'reject' as severity
    from wide_policies
    where
        ci_level <= 0.5
        or ci_level >= 1
        or (policy_id in ('seed_paper', 'recommended') and ci_level != 0.95)
    {%- for column, methods, estimators in [
        ('ci_method', ['KR', 'KR_meta'], ['REML']),
        ('ci_method', ['PL'], ['ML']),
        ('pi_method', ['KR', 'KR_PR', 'KR_meta', 'KR_PR_meta'], ['REML']),
        ('tau2_ci_method', ['PL'], ['REML', 'ML']),
    ] %}

    union all

    select
        'policies' as sheet,
        row_number,
        '{{ column }}' as column_name,
        {{ column }} as value,
        'an interval whose theory belongs to another estimator than ' || tau2_method as reason,
        'tau2_method {{ estimators | join(' or ') }} with {{ methods | join(', ') }}' as expected,
        'reject' as severity
    from wide_policies
    where
        {{ column }} in ('{{ methods | join("', '") }}')
        and tau2_method not in ('{{ estimators | join("', '") }}')
    {%- endfor %}

    {%- for column, methods in [
        ('tau2_method', ['DL2']),
        ('ci_method', ['HK_ci', 'HK_iqwig6', 'KR', 'KR_meta', 'PL']),
        ('pi_method', ['KR', 'KR_PR', 'KR_meta', 'KR_PR_meta']),
        ('tau2_ci_method', ['PL']),
    ] %}

    union all

    select
        'policies' as sheet,
        row_number,
        '{{ column }}' as column_name,
        {{ column }} as value,
        'not available for correlated meta-analyses' as reason,
        'overlap_handling none, or another {{ column }} than {{ methods | join(', ') }}'
            as expected,
        'reject' as severity
    from wide_policies
    where {{ column }} in ('{{ methods | join("', '") }}') and overlap_handling != 'none'
    {%- endfor %}

    union all

    {{ default_correlation_faults('policies', 'wide_policies', 'overlap_handling') }}

    union all

    select
        'figures' as sheet,
        row_number,
        'figure_id' as column_name,
        figure_id as value,
        'a ' || figure_kind || ' figure without blocks' as reason,
        'at least one row of figure_blocks with this figure_id' as expected,
        'reject' as severity
    from wide_figures
    where
        list_contains({{ sql_list(figure_kinds('some')) }}, figure_kind)
        and figure_id not in (select figure_id from wide_blocks where figure_id is not null)

    union all

    select
        'figures' as sheet,
        row_number,
        'figure_id' as column_name,
        figure_id as value,
        'a figure of this kind shows one analysis' as reason,
        'one row of figure_blocks with this figure_id' as expected,
        'reject' as severity
    from wide_figures
    where
        list_contains({{ sql_list(figure_kinds('one')) }}, figure_kind)
        and (
            select count(*) from wide_blocks
            where wide_blocks.figure_id = wide_figures.figure_id
        ) != 1

    union all

    select
        'figures' as sheet,
        row_number,
        'contrast_id' as column_name,
        contrast_id as value,
        'only figures of forests and of pairs of rates print a contrast' as reason,
        'an empty cell' as expected,
        'reject' as severity
    from wide_figures
    where figure_kind not in ('forest', 'rate_pairs') and contrast_id is not null

    union all

    select
        'figures' as sheet,
        row_number,
        'rows_by' as column_name,
        rows_by as value,
        'only rows of a forest have an order that can be chosen' as reason,
        'an empty cell' as expected,
        'reject' as severity
    from wide_figures
    where figure_kind != 'forest' and rows_by is not null

    union all

    select
        'figures' as sheet,
        row_number,
        'contrast_id' as column_name,
        contrast_id as value,
        'a figure of pairs of rates without a contrast' as reason,
        'a contrast of two analyses on the scale logit' as expected,
        'reject' as severity
    from wide_figures
    where
        figure_kind = 'rate_pairs'
        and coalesce(contrast_id, '') not in (
            select wide_contrasts.contrast_id
            from wide_contrasts
            inner join wide_analyses on wide_contrasts.analysis_id = wide_analyses.analysis_id
            group by wide_contrasts.contrast_id
            having count(*) = 2 and bool_and(wide_analyses.scale = 'logit')
        )

    union all

    select
        'figure_blocks' as sheet,
        wide_blocks.row_number,
        'analysis_id' as column_name,
        wide_blocks.analysis_id || ' (' || wide_analyses.scale || ')' as value,
        'the scale of the analysis is not that of the figure' as reason,
        'an analysis on the scale of a figure that measures ' || wide_figures.measure as expected,
        'reject' as severity
    from wide_blocks
    inner join wide_figures on wide_blocks.figure_id = wide_figures.figure_id
    inner join wide_analyses on wide_blocks.analysis_id = wide_analyses.analysis_id
    inner join wide_scales on wide_analyses.scale = wide_scales.scale
    where
        wide_figures.figure_kind != 'grade_criteria'
        and (
            wide_figures.measure != wide_scales.short_label
            or not list_contains(
                if(
                    {{ is_of_rates('wide_analyses.scale') }},
                    {{ sql_list(figure_kinds('one', 'some', 'any', shows='rates')) }},
                    {{ sql_list(figure_kinds('one', 'some', 'any', shows='effects')) }}
                ),
                wide_figures.figure_kind
            )
        )

    union all

    select
        'figure_blocks' as sheet,
        wide_blocks.row_number,
        'analysis_id' as column_name,
        wide_blocks.analysis_id
        || coalesce(' (' || wide_analyses.condition || ')', ' (all conditions)') as value,
        'a dropout figure with blocks shows one condition' as reason,
        'analyses of the condition of the first block, or no blocks' as expected,
        'reject' as severity
    from wide_blocks
    inner join wide_figures
        on wide_blocks.figure_id = wide_figures.figure_id and wide_figures.figure_kind = 'dropout'
    inner join wide_analyses on wide_blocks.analysis_id = wide_analyses.analysis_id
    where
        wide_analyses.condition is null
        or wide_analyses.condition != (
            select arg_min(others.condition, own_blocks.row_number)
            from wide_blocks as own_blocks
            inner join wide_analyses as others on own_blocks.analysis_id = others.analysis_id
            where own_blocks.figure_id = wide_blocks.figure_id
        )

    union all

    select
        'figure_blocks' as sheet,
        wide_blocks.row_number,
        'analysis_id' as column_name,
        wide_blocks.analysis_id as value,
        'the grades of this analysis have no figure' as reason,
        'a headline result: an analysis whose is_headline is y' as expected,
        'reject' as severity
    from wide_blocks
    inner join wide_figures on wide_blocks.figure_id = wide_figures.figure_id
    inner join wide_analyses on wide_blocks.analysis_id = wide_analyses.analysis_id
    where
        wide_figures.figure_kind = 'grade_criteria'
        and not {{ is_headline('wide_analyses') }}

    union all

    select
        'figures' as sheet,
        row_number,
        'measure' as column_name,
        measure as value,
        'unknown measure' as reason,
        'count, or an abbreviation of a scale: ' || (
            select string_agg(short_label, ', ' order by row_number) from wide_scales
        ) as expected,
        'reject' as severity
    from wide_figures
    where
        measure is not null
        and measure != 'count'
        and measure not in (select short_label from wide_scales where short_label is not null)

    union all

    select
        'analyses' as sheet,
        row_number,
        'measure_unit' as column_name,
        measure_unit as value,
        'mean differences without their unit' as reason,
        'the unit or instrument of all that is pooled, such as mmHg' as expected,
        'reject' as severity
    from wide_analyses
    where scale = 'mean_difference' and measure_unit is null

    union all

    select
        'analyses' as sheet,
        row_number,
        'measure_unit' as column_name,
        measure_unit as value,
        'incidence rates without the person-time to show them for' as reason,
        'an amount of person-time, such as per 1000 person-years' as expected,
        'reject' as severity
    from wide_analyses
    where scale = 'log_incidence_rate' and {{ person_years('measure_unit') }} is null

    union all

    select
        'contrasts' as sheet,
        row_number,
        'analysis_id' as column_name,
        scale as value,
        'groups of one contrast on different scales' as reason,
        'analyses on the scale ' || first_scale as expected,
        'reject' as severity
    from contrast_scales
    where scale != first_scale
    {%- for column in ['claim_id', 'count_id'] %}

    union all

    select
        'analyses' as sheet,
        row_number,
        '{{ column }}' as column_name,
        {{ column }} as value,
        'another analysis recomputes it already' as reason,
        'one analysis for each published number' as expected,
        'reject' as severity
    from wide_analyses
    where {{ column }} is not null
    qualify row_number() over (partition by {{ column }} order by row_number) > 1
    {%- endfor %}
)
{%- endmacro %}
