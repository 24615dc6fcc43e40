{#-
  Checks that need more than one cell of a row. Each CTE yields sheet, row_number, column_name,
  value, reason, expected, severity; the last one, cross_column_faults, stacks them.
-#}
{% macro cross_column_faults() %}
wide_meta_analyses as (
    {{ wide_cells('meta_analyses', [], ['eligibility', 'exclusion_reason']) }}
),

eligibility_faults as (
    select
        'meta_analyses' as sheet,
        row_number,
        'exclusion_reason' as column_name,
        exclusion_reason as value,
        case eligibility
            when 'excluded' then 'excluded without a reason'
            else 'included, yet with a reason to exclude'
        end as reason,
        case eligibility
            when 'excluded' then 'a code of exclusion_reasons'
            else 'an empty cell'
        end as expected,
        'reject' as severity
    from wide_meta_analyses
    where (eligibility = 'excluded') = (exclusion_reason is null)
),

wide_adjudications as (
    {{ wide_cells('adjudications', [], ['effect_id', 'field', 'adjudicated_value']) }}
),

-- The values in force: adjudicated ones where there are any.
decisions as (
    select
        effect_id,
        {%- for field in ['measure', 'favourable_direction', 'estimate', 'ci_low', 'ci_high', 'n_total'] %}
        max(adjudicated_value) filter (field = '{{ field }}') as {{ field }}{{ "," if not loop.last }}
        {%- endfor %}
    from wide_adjudications
    -- A decision that is rejected itself decides nothing.
    where case field
        when 'measure' then ('measures', adjudicated_value) in (select (vocabulary, code) from codes)
        when 'favourable_direction'
            then
                adjudicated_value
                in ('positive', 'negative', 'above_one', 'below_one', 'unclear')
        else isfinite(try_cast(adjudicated_value as double))
    end
    group by effect_id
),

wide_effects as (
    select
        effects.* replace (
            coalesce(decisions.measure, effects.measure) as measure,
            coalesce(decisions.favourable_direction, effects.favourable_direction)
                as favourable_direction,
            coalesce(try_cast(decisions.estimate as double), effects.estimate) as estimate,
            coalesce(try_cast(decisions.ci_low as double), effects.ci_low) as ci_low,
            coalesce(try_cast(decisions.ci_high as double), effects.ci_high) as ci_high,
            coalesce(try_cast(decisions.n_total as double), effects.n_total) as n_total
        ),
        measures.family = 'ratio' and measures.log_scale = 'n' as is_plain_ratio
    from (
        {{ wide_cells(
            'reported_effects',
            ['estimate', 'ci_low', 'ci_high', 'ci_level', 'n_intervention', 'n_control', 'n_total'],
            ['effect_id', 'measure', 'favourable_direction', 'p_value', 'p_operator'],
        ) }}
    ) as effects
    left join decisions on effects.effect_id = decisions.effect_id
    left join (
        {{ wide_cells('measures', [], ['code', 'family', 'log_scale']) }}
    ) as measures on coalesce(decisions.measure, effects.measure) = measures.code
),

effect_faults as (
    select
        row_number,
        'ci_low' as column_name,
        ci_low || ' > ' || ci_high as value,
        'limits in the wrong order' as reason,
        'ci_low not above ci_high' as expected
    from wide_effects
    where ci_low > ci_high

    union all

    select
        row_number,
        'estimate' as column_name,
        estimate || ' outside ' || ci_low || ' to ' || ci_high as value,
        'estimate outside its own interval' as reason,
        'an estimate between the two limits' as expected
    from wide_effects
    where ci_low <= ci_high and estimate not between ci_low and ci_high

    union all

    select
        row_number,
        'ci_high' as column_name,
        ci_low || ' to ' || ci_high as value,
        'interval without width' as reason,
        'an upper limit above the lower one' as expected
    from wide_effects
    where ci_low = ci_high

    union all

    select
        row_number,
        if(ci_low is null, 'ci_low', 'ci_high') as column_name,
        null as value,
        'only one limit of the interval' as reason,
        'both limits, or neither' as expected
    from wide_effects
    where (ci_low is null) != (ci_high is null)

    union all

    select
        row_number,
        'ci_level' as column_name,
        cast(ci_level as varchar) as value,
        'interval without a usable confidence level' as reason,
        'a fraction between 0.5 and 1, such as 0.95' as expected
    from wide_effects
    where
        ci_low is not null
        and ci_high is not null
        and (ci_level is null or ci_level <= 0.5 or ci_level >= 1)

    union all

    select
        row_number,
        'estimate' as column_name,
        cast(least(estimate, ci_low, ci_high) as varchar) as value,
        'a ratio that is not above zero' as reason,
        'ratios above zero, or a measure on the log scale' as expected
    from wide_effects
    where is_plain_ratio and least(estimate, ci_low, ci_high) <= 0

    union all

    select
        row_number,
        'favourable_direction' as column_name,
        favourable_direction as value,
        'direction does not suit the measure' as reason,
        if(is_plain_ratio, 'above_one or below_one', 'positive or negative') as expected
    from wide_effects
    where
        is_plain_ratio is not null
        and favourable_direction is not null
        and favourable_direction != 'unclear'
        and is_plain_ratio != (favourable_direction in ('above_one', 'below_one'))

    union all

    select
        row_number,
        'p_operator' as column_name,
        p_operator as value,
        'p-value and its operator do not go together' as reason,
        'both p_operator and p_value, or neither' as expected
    from wide_effects
    where (p_operator is null) != (p_value is null)

    union all

    select
        row_number,
        'n_total' as column_name,
        cast(n_total as varchar) as value,
        'fewer participants than its two arms hold' as reason,
        'at least ' || printf('%g', n_intervention + n_control) as expected
    from wide_effects
    where n_total < n_intervention + n_control
),

wide_rates as (
    {{ wide_cells(
        'reported_rates',
        ['events', 'total', 'percent', 'percent_low', 'percent_high'],
        ['interval_kind', 'rate_id'],
    ) }}
),

rate_faults as (
    select
        'reported_rates' as sheet,
        row_number,
        'events' as column_name,
        printf('%g of %g', events, total) as value,
        'more events than participants' as reason,
        'events not above total' as expected,
        'reject' as severity
    from wide_rates
    where events > total

    union all

    select
        'reported_rates' as sheet,
        row_number,
        'percent_low' as column_name,
        printf('%g > %g', percent_low, percent_high) as value,
        'limits in the wrong order' as reason,
        'percent_low not above percent_high' as expected,
        'not_poolable' as severity
    from wide_rates
    where percent_low > percent_high

    union all

    select
        'reported_rates' as sheet,
        row_number,
        'percent' as column_name,
        printf('%g outside %g to %g', percent, percent_low, percent_high) as value,
        'rate outside its own interval' as reason,
        'a percentage between the two limits' as expected,
        'not_poolable' as severity
    from wide_rates
    where percent_low <= percent_high and percent not between percent_low and percent_high

    union all

    select
        'reported_rates' as sheet,
        row_number,
        'interval_kind' as column_name,
        interval_kind as value,
        'interval and its kind do not go together' as reason,
        'percent_low, percent_high and interval_kind, or none of them' as expected,
        'not_poolable' as severity
    from wide_rates
    where
        (percent_low is null) != (percent_high is null)
        or (percent_low is null) != (interval_kind is null)

    union all

    -- Half a percentage point: percentages are printed to whole numbers at the coarsest.
    select
        'reported_rates' as sheet,
        row_number,
        'percent' as column_name,
        cast(percent as varchar) as value,
        'percentage differs from events / total' as reason,
        printf('%.2f', 100 * events / total) as expected,
        'not_poolable' as severity
    from wide_rates
    where events <= total and abs(percent - 100 * events / total) > 0.5
),

wide_trials as (
    {{ wide_cells(
        'primary_studies',
        [
            'events_intervention', 'total_intervention', 'events_control', 'total_control',
            'dropout_intervention', 'randomised_intervention', 'dropout_control', 'randomised_control',
        ],
        [],
    ) }}
),

trial_faults as (
    {%- for part, whole in [
        ('events_intervention', 'total_intervention'), ('events_control', 'total_control'),
        ('dropout_intervention', 'randomised_intervention'), ('dropout_control', 'randomised_control'),
    ] %}
    select
        'primary_studies' as sheet,
        row_number,
        '{{ part }}' as column_name,
        printf('%g of %g', {{ part }}, {{ whole }}) as value,
        'more events than participants' as reason,
        '{{ part }} not above {{ whole }}' as expected,
        'reject' as severity
    from wide_trials
    where {{ part }} > {{ whole }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- The adjudicated value must be one that the disputed column itself would accept.
adjudicated_values as (
    select
        wide_adjudications.row_number,
        wide_adjudications.field,
        wide_adjudications.adjudicated_value as value,
        rules.data_type,
        rules.kind,
        rules.minimum,
        rules.vocabulary,
        if(
            wide_adjudications.field = 'comparator_class',
            ['active', 'inactive', 'mixed', 'unclear'],
            rules.allowed
        ) as allowed,
        try_cast(wide_adjudications.adjudicated_value as double) as number_value
    from wide_adjudications
    left join rules
        on rules.sheet = 'reported_effects' and wide_adjudications.field = rules.column_name
    where wide_adjudications.adjudicated_value is not null
),

adjudication_faults as (
    select
        'adjudications' as sheet,
        row_number,
        'adjudicated_value' as column_name,
        value,
        'not a value that ' || field || ' accepts' as reason,
        coalesce(
            'one of: ' || array_to_string(allowed, ', '),
            'a code of ' || vocabulary,
            'a number in its range'
        ) as expected,
        'reject' as severity
    from adjudicated_values
    where
        (data_type in ('double', 'bigint') and coalesce(not isfinite(number_value), true))
        or (data_type = 'bigint' and number_value != floor(number_value))
        or number_value < minimum
        or (kind = 'percent' and number_value not between 0 and 100)
        or (kind = 'probability' and number_value not between 0 and 1)
        or (allowed is not null and not list_contains(allowed, value))
        or (
            vocabulary is not null
            and (vocabulary, value) not in (select (vocabulary, code) from codes)
        )
),

adjudicated_class_faults as (
    select
        'adjudications' as sheet,
        class_rows.row_number,
        'adjudicated_value' as column_name,
        class_rows.adjudicated_value as value,
        'comparator class decided otherwise than the comparator code in force gives' as reason,
        'a further row with field comparator and a code of class '
        || class_rows.adjudicated_value as expected,
        'reject' as severity
    from wide_adjudications as class_rows
    left join wide_adjudications as code_rows
        on class_rows.effect_id = code_rows.effect_id and code_rows.field = 'comparator'
    inner join (
        {{ wide_cells('reported_effects', [], ['effect_id', 'comparator']) }}
    ) as effects on class_rows.effect_id = effects.effect_id
    inner join (
        {{ wide_cells('comparators', [], ['code', 'comparator_class']) }}
    ) as comparators
        on coalesce(code_rows.adjudicated_value, effects.comparator) = comparators.code
    where
        class_rows.field = 'comparator_class'
        and class_rows.adjudicated_value != comparators.comparator_class
),

wide_measures as (
    {{ wide_cells('measures', [], ['code', 'family', 'converts_to_smd']) }}
),

wide_analyses as (
    {{ wide_cells('analyses', [], [
        'analysis_id', 'analysis_group', 'condition', 'scale', 'unit', 'required_scope', 'subtype',
        'severity', 'therapy', 'analysis_set', 'claim_id', 'count_id',
    ]) }}
),

wide_policies as (
    {{ wide_cells('policies', ['ci_level'], ['policy_id']) }}
),

wide_figures as (
    {{ wide_cells('figures', [], ['figure_id', 'figure_kind', 'measure', 'contrast_id']) }}
),

wide_blocks as (
    {{ wide_cells('figure_blocks', [], ['figure_id', 'analysis_id']) }}
),

wide_contrasts as (
    {{ wide_cells('contrasts', [], ['contrast_id', 'analysis_id']) }}
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
        and code not in ('odds_ratio', 'log_odds_ratio')
    {%- for column in ['subtype', 'severity', 'therapy', 'analysis_set'] %}

    union all

    select
        'analyses' as sheet,
        row_number,
        '{{ column }}' as column_name,
        {{ column }} as value,
        'rates carry no {{ column }} to filter by' as reason,
        'an empty cell where scale is logit' as expected,
        'reject' as severity
    from wide_analyses
    where scale = 'logit' and {{ column }} is not null
    {%- endfor %}

    union all

    select
        'analyses' as sheet,
        row_number,
        'required_scope' as column_name,
        required_scope as value,
        'rates carry no scope' as reason,
        'any, where scale is logit' as expected,
        'reject' as severity
    from wide_analyses
    where scale = 'logit' and required_scope = 'overall'

    union all

    select
        'analyses' as sheet,
        row_number,
        'scale' as column_name,
        scale as value,
        'an analysis of a condition that the headline cannot show' as reason,
        'smd where analysis_group is condition' as expected,
        'reject' as severity
    from wide_analyses
    where analysis_group = 'condition' and scale != 'smd'

    union all

    select
        'analyses' as sheet,
        row_number,
        'condition' as column_name,
        condition as value,
        if(
            condition is null,
            'an analysis of a condition without one',
            'another analysis stands for this condition already'
        ) as reason,
        'one condition for each analysis whose analysis_group is condition' as expected,
        'reject' as severity
    from wide_analyses
    where analysis_group = 'condition'
    qualify condition is null or row_number() over (partition by condition order by row_number) > 1

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

    union all

    select
        'figures' as sheet,
        row_number,
        'figure_id' as column_name,
        figure_id as value,
        'not usable as the name of a file' as reason,
        'letters, digits, underscores and hyphens only' as expected,
        'reject' as severity
    from wide_figures
    where not regexp_full_match(figure_id, '[A-Za-z0-9_-]+')

    union all

    select
        'figures' as sheet,
        row_number,
        'figure_id' as column_name,
        figure_id as value,
        'a forest figure without blocks' as reason,
        'at least one row of figure_blocks with this figure_id' as expected,
        'reject' as severity
    from wide_figures
    where
        figure_kind = 'forest'
        and figure_id not in (select figure_id from wide_blocks where figure_id is not null)

    union all

    select
        'figures' as sheet,
        row_number,
        'contrast_id' as column_name,
        contrast_id as value,
        'only forest figures print a contrast' as reason,
        'an empty cell' as expected,
        'reject' as severity
    from wide_figures
    where figure_kind != 'forest' and contrast_id is not null

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
    where
        wide_figures.measure != case wide_analyses.scale
            when 'smd' then 'SMD'
            when 'log_odds_ratio' then 'OR'
            when 'log_risk_ratio' then 'RR'
            when 'logit' then 'percent'
        end
        or wide_figures.figure_kind != 'forest'
        or wide_analyses.scale = 'logit'

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

    union all

    select
        'analyses' as sheet,
        row_number,
        'unit' as column_name,
        unit as value,
        'trials are pooled as rates only' as reason,
        'meta_analysis, or the scale logit' as expected,
        'reject' as severity
    from wide_analyses
    where unit = 'trial' and scale != 'logit'
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
),

cross_column_faults as (
    select * from eligibility_faults
    union all
    select * from protocol_faults
    union all
    select
        'reported_effects' as sheet,
        *,
        'not_poolable' as severity
    from effect_faults
    union all
    select * from rate_faults
    union all
    select * from trial_faults
    union all
    select * from adjudication_faults
    union all
    select * from adjudicated_class_faults
)
{%- endmacro %}


{#-
  Rows of a sheet with the named columns only, trimmed: some as numbers (NULL unless finite), some
  as text.
-#}
{% macro wide_cells(sheet, numbers, texts) -%}
    select
        rowid + 2 as row_number
        {%- for column in numbers %},
        if(
            isfinite(try_cast({{ clean_text(column) }} as double)),
            try_cast({{ clean_text(column) }} as double),
            null
        ) as "{{ column }}"
        {%- endfor %}
        {%- for column in texts %},
        {{ clean_text(column) }} as "{{ column }}"
        {%- endfor %}
    from {{ ref(sheet) }}
{%- endmacro %}
