-- Grain: one row per figure of pairs of rates and pair, in drawing order.
with

figures as (
    select
        figure_id,
        contrast_id
    from {{ ref('dim_figures') }}
    where figure_kind = 'rate_pairs'
),

pairs as (
    select
        *,
        count(*) over (partition by contrast_id, unit_id, definition_class) > 1 as is_one_of_several
    from {{ ref('fct_rate_pairs') }}
),

tests as (
    select
        *,
        if(n_higher >= n_lower, n_higher, n_lower) as n_in_direction,
        if(n_higher >= n_lower, 'higher', 'lower') as direction,
        if(source_sheet = 'primary_studies', 'trial', '[[member]]') as unit_word
    from {{ ref('fct_rate_pair_tests') }}
),

rates as (
    select * from {{ ref('fct_rates') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

conditions as (
    select * from {{ ref('stg_vocabulary__conditions') }}
),

definitions as (
    select * from {{ ref('stg_vocabulary__rate_definitions') }}
),

-- Without the numbers of references that a table prints behind the name of a trial.
trials as (
    select
        comparison_id,
        trim(regexp_replace(study, ' *\[[^]]*\] *', ' ', 'g')) as study
    from {{ ref('stg_extraction__primary_studies') }}
),

comparators as (
    select * from {{ ref('stg_vocabulary__comparators') }}
),

guidances as (
    select * from {{ ref('stg_vocabulary__guidances') }}
),

published as (
    select distinct
        groups.contrast_id,
        counts.range_low_printed || ' to ' || counts.range_high_printed || '%' as words
    from {{ ref('dim_contrast_groups') }} as groups
    inner join {{ ref('stg_published__counts') }} as counts
        on groups.count_id = counts.count_id
),

summaries as (
    select
        contrast_id,
        if(
            n_units = 0,
            null,
            {{ within_sentence('group_label') }} || ' ' || direction || ' than '
            || {{ within_sentence('reference_group_label') }} || ' in ' || n_in_direction || ' of '
            || n_units || ' '
            || case
                when n_units = 1 then unit_word || ' that reports both'
                when unit_word = 'trial' then 'trials that report both'
                else '[[members]] that report both'
            end
            || ', difference '
            || {{ true_minus("printf('%.1f', lowest_difference_points)") }}
            || if(
                n_pairs_with_percent = 1,
                '',
                ' to ' || {{ true_minus("printf('%.1f', highest_difference_points)") }}
            )
            || ' percentage points (sign test P = ' || printf('%.2f', sign_test_p) || ')'
        ) as summary
    from tests
),

flags as (
    select distinct
        pair_id,
        trim(unnest(string_split(flags, ';'))) as flag
    from pairs
    where flags is not null
),

flag_words as (
    select
        pair_id,
        string_agg({{ flag_in_words('flag') }}, ', ' order by flag) as words
    from flags
    group by pair_id
),

described as (
    select
        figures.figure_id,
        pairs.*,
        coalesce(definitions.label, 'Definition not coded') as definition_label,
        coalesce(trials.study, meta_analyses.citation_label)
        || ', ' || {{ within_sentence('conditions.label') }}
        || if(
            pairs.is_one_of_several and trials.study is null,
            ' (' || if(
                guidances.role in ('guided', 'unguided'),
                {{ within_sentence('guidances.label') }} || ' ',
                ''
            )
            || 'against ' || split_part({{ within_sentence('comparators.label') }}, ',', 1) || ')',
            ''
        ) as label,
        flag_words.words as note,
        summaries.summary,
        published.words as published
    from figures
    inner join pairs on figures.contrast_id = pairs.contrast_id
    inner join summaries on pairs.contrast_id = summaries.contrast_id
    inner join rates
        on pairs.rate_id = rates.rate_id and pairs.source_sheet = rates.source_sheet
    inner join conditions on pairs.condition = conditions.code
    left join meta_analyses on pairs.meta_analysis_id = meta_analyses.meta_analysis_id
    left join definitions on pairs.definition_class = definitions.code
    left join guidances on rates.guidance = guidances.code
    left join comparators on pairs.reference_comparator = comparators.code
    left join trials
        on pairs.source_sheet = 'primary_studies' and rates.row_id = trials.comparison_id
    left join flag_words on pairs.pair_id = flag_words.pair_id
    left join published on pairs.contrast_id = published.contrast_id
),

final as (
    select
        figure_id || ':' || pair_id as figure_pair_id,
        figure_id,
        pair_id,
        cast(
            row_number() over (
                partition by figure_id order by definition_label, label, pair_id
            ) as integer
        ) as row_order,
        definition_label as group_label,
        label,
        group_label as first_label,
        reference_group_label as second_label,
        percent as first_percent,
        range_low_percent as first_low,
        range_high_percent as first_high,
        reference_percent as second_percent,
        reference_range_low_percent as second_low,
        reference_range_high_percent as second_high,
        difference_points,
        relative_change_percent,
        risk_ratio,
        risk_ratio_ci_low,
        risk_ratio_ci_high,
        note,
        summary,
        published
    from described
)

select
    final.* replace (
        {{ review_words('final.summary') }} as summary,
        {{ review_words('final.note') }} as note
    )
from final
cross join {{ ref('dim_review') }} as review
order by figure_id, row_order
