-- Grain: one row per declared analysis, with what it takes of its condition.
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

codes as (
    select * from {{ ref('int_code_labels') }}
),

columns as (
    select * from {{ ref('stg_sheet_columns') }}
    where sheet = 'analyses'
),

outcomes as (
    select * from {{ ref('int_outcomes') }}
),

scales as (
    select * from {{ ref('stg_protocol__scales') }}
),

review as (
    select * from {{ ref('int_review') }}
),

rules as (
    select * from {{ ref('stg_protocol__selection_rules') }}
),

filters as (
    {%- for column in subgroup_filters() %}
    select
        analysis_id,
        '{{ column }}' as column_name,
        {{ column }} as code
    from analyses
    where not {{ filter_is_open(column, 'analyses') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

named as (
    select
        filters.analysis_id,
        filters.column_name,
        columns.column_order,
        {{ within_sentence("coalesce(codes.label, replace(filters.code, '_', '-'))") }}
        || case filters.column_name
            when 'comparator_class' then ' controls'
            when 'arm' then if(filters.code = 'unclear', ' arm', ' arms')
            else ''
        end as words
    from filters
    inner join columns on filters.column_name = columns.column_name
    left join codes
        on
            coalesce(columns.vocabulary, split_part(columns.reference_to, '.', 1))
            = codes.vocabulary
            and filters.code = codes.code
),

subgroups as (
    select
        analysis_id,
        string_agg(words, ', ' order by column_order) as subgroup,
        string_agg(words, ', ' order by column_order) filter (column_name = 'comparator_class')
            as comparator_words,
        string_agg(words, ', ' order by column_order) filter (column_name != 'comparator_class')
            as subgroup_of_comparator
    from named
    group by analysis_id
),

described as (
    select
        analyses.* replace (
            if(
                {{ is_of_rates('analyses.scale') }}, analyses.timepoint, coalesce(analyses.timepoint, 'post')
            ) as timepoint,
            coalesce(analyses.review_kind, review.review_kind) as review_kind,
            {{ is_headline('analyses') }} as is_headline
        ),
        concat_ws(
            if(scales.kind in ('ratio', 'rate'), ' ', ' in '), scales.label, analyses.measure_unit
        ) as scale_label,
        case
            when analyses.scale = 'log_incidence_rate'
                then {{ time_of_unit('analyses.measure_unit') }}
            when analyses.unit = 'trial' then times.person_time_unit
        end as person_time_unit,
        scales.short_label as scale_short_label,
        scales.decimals,
        scales.shown_as,
        scales.no_effect,
        coalesce(
            outcomes.quantity,
            case
                when analyses.scale = 'log_hazard_ratio' then 'time_to_event'
                when analyses.scale in ('log_incidence_rate', 'log_incidence_rate_ratio')
                    then 'event_count'
                when analyses.scale in ('log_odds_ratio', 'log_risk_ratio', 'risk_difference')
                    then 'event'
                when scales.kind = 'correlation' then 'correlation'
                when scales.kind = 'share' then 'proportion'
                else 'continuous'
            end
        ) as quantity,
        outcomes.polarity,
        outcomes.noun,
        {{ converting_risk() }} as baseline_risk,
        review.studied_word,
        review.comparison_word
    from analyses
    cross join review
    left join scales on analyses.scale = scales.scale
    left join outcomes on analyses.outcome = outcomes.outcome
    left join {{ ref('int_trial_times') }} as times on analyses.outcome = times.outcome
),

judged as (
    select
        * replace (concat_ws(
                ' ', noun,
                if(no_effect is null, null, {{ amount_of_exposure('described') }})
            ) as noun),
        {{ above_favours() }} as above_favours
    from described
),

final as (
    select
        analyses.* exclude (studied_word, comparison_word),
        {{ side_words('analyses') }},
        conditions.label as condition_label,
        analyses.condition is not null and subgroups.subgroup is null as is_whole_condition,
        subgroups.subgroup,
        subgroups.comparator_words,
        subgroups.subgroup_of_comparator,
        if(rules.takes != 'all', {{ within_sentence('rules.label') }}, null) as selection
    from judged as analyses
    left join subgroups on analyses.analysis_id = subgroups.analysis_id
    left join rules on analyses.selection_rule = rules.selection_rule
    left join codes as conditions
        on conditions.vocabulary = 'conditions' and analyses.condition = conditions.code
)

select * from final
