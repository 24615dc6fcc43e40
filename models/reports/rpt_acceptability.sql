-- Grain: one row per number on dropout, adherence, completion or satisfaction in the sheets: a
-- rate, an effect, or the mean of one trial, with what came of it.
with

roles as (
    select
        code as outcome,
        label as outcome_label,
        role as outcome_role
    from {{ ref('stg_vocabulary__outcomes') }}
    where role in ('dropout', 'adherence', 'completion', 'satisfaction')
),

-- What is never pooled has two decimals, too.
scales as (
    select
        scale,
        decimals
    from {{ ref('stg_protocol__scales') }}
    union all
    select
        '' as scale,
        2 as decimals
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

conditions as (
    select * from {{ ref('stg_vocabulary__conditions') }}
),

comparators as (
    select * from {{ ref('stg_vocabulary__comparators') }}
),

guidances as (
    select * from {{ ref('stg_vocabulary__guidances') }}
),

definitions as (
    select * from {{ ref('stg_vocabulary__rate_definitions') }}
),

measures as (
    select * from {{ ref('stg_vocabulary__measures') }}
),

exclusions as (
    select * from {{ ref('stg_vocabulary__exclusion_reasons') }}
),

rates as (
    select
        rates.source_sheet as sheet,
        rates.row_id,
        rates.rate_id as number_id,
        rates.meta_analysis_id,
        rates.condition,
        rates.outcome,
        concat_ws('; ', definitions.label, rates.definition) as counted,
        case rates.arm
            when 'both' then 'both arms together'
            when 'unclear' then 'arm not stated'
            when 'intervention' then '[[studied]] arms'
            when 'control' then '[[comparison]] arms'
            else rates.arm || ' arms'
        end as of_whom,
        rates.guidance,
        rates.comparator,
        case
            when rates.interval_kind = 'range' and rates.percent is null
                then printf('%.1f to %.1f%%', rates.percent_low, rates.percent_high)
            else
                printf('%.1f%%', rates.percent)
                || coalesce(
                    printf(' (%.1f to %.1f)', rates.percent_low, rates.percent_high), ''
                )
        end as reported,
        rates.n_studies
    from {{ ref('fct_rates') }} as rates
    left join definitions on rates.definition_class = definitions.code
),

effects as (
    select
        'reported_effects' as sheet,
        effects.effect_id as row_id,
        effects.effect_id as number_id,
        effects.meta_analysis_id,
        effects.condition,
        effects.outcome,
        replace(effects.subtype, ';', ',') as counted,
        'difference between groups' as of_whom,
        effects.guidance,
        effects.comparator,
        measures.label || ' ' || {{ fixed('effects.estimate', 'scales.decimals') }}
        || coalesce(
            ' (' || {{ fixed('effects.ci_low', 'scales.decimals') }} || ' to '
            || {{ fixed('effects.ci_high', 'scales.decimals') }} || ')',
            ''
        ) as reported,
        effects.n_comparisons as n_studies
    from {{ ref('fct_effects') }} as effects
    inner join measures on effects.measure = measures.code
    inner join scales on coalesce(effects.own_scale, '') = scales.scale
),

-- A mean of one group: neither a share nor a comparison.
means as (
    select
        'primary_studies' as sheet,
        comparison_id as row_id,
        comparison_id as number_id,
        source as meta_analysis_id,
        condition,
        outcome,
        concat_ws(', ', study, instrument) as counted,
        '[[studied]] arms' as of_whom,
        guidance,
        comparator,
        'mean ' || printf('%.2f', mean_intervention)
        || coalesce(printf(' (SD %.2f)', sd_intervention), '') as reported,
        1 as n_studies
    from {{ ref('stg_extraction__primary_studies') }}
    where mean_intervention is not null and mean_control is null
),

stacked as (
    select * from rates
    union all
    select * from effects
    union all
    select * from means
),

rows_of_sheets as (
    select * from {{ ref('fct_row_dispositions') }}
),

reasons_apart as (
    select
        disposition_id,
        unnest(string_split(reason, '; ')) as reason,
        unnest(range(len(string_split(reason, '; ')))) as place
    from rows_of_sheets
    where sheet in ('reported_effects', 'reported_rates', 'primary_studies')
),

reasons as (
    select
        reasons_apart.disposition_id,
        string_agg(
            {{ reason_in_words(
                'reasons_apart.reason', 'null', within_sentence('measures.label')
            ) }},
            '; ' order by reasons_apart.place
        ) as words
    from reasons_apart
    left join measures on reasons_apart.reason = 'measure is never pooled: ' || measures.code
    group by reasons_apart.disposition_id
),

described as (
    select
        stacked.*,
        roles.outcome_label,
        roles.outcome_role,
        meta_analyses.citation_label,
        conditions.label as condition_label,
        comparators.label as comparator_label,
        guidances.label as guidance_label,
        rows_of_sheets.disposition = 'used' as is_used,
        case
            when meta_analyses.eligibility = 'excluded'
                then
                    'the [[member]] is excluded: '
                    || {{ within_sentence("coalesce(exclusions.label, 'no reason given')") }}
            when rows_of_sheets.disposition = 'used' then 'in a result'
            when starts_with(rows_of_sheets.reason, 'one effect per ')
                then 'another number of the same source goes first'
            when starts_with(rows_of_sheets.reason, 'arm: ')
                then 'not of [[studied]] arms alone'
            when rows_of_sheets.reason = 'passes the filters of no declared analysis'
                then 'no result asks for such a number'
            else reasons.words
        end as fate
    from stacked
    inner join roles on stacked.outcome = roles.outcome
    inner join conditions on stacked.condition = conditions.code
    left join meta_analyses on stacked.meta_analysis_id = meta_analyses.meta_analysis_id
    left join exclusions on meta_analyses.exclusion_reason = exclusions.code
    left join comparators on stacked.comparator = comparators.code
    left join guidances on stacked.guidance = guidances.code
    left join rows_of_sheets
        on stacked.sheet = rows_of_sheets.sheet and stacked.row_id = rows_of_sheets.row_id
    left join reasons on rows_of_sheets.disposition_id = reasons.disposition_id
),

final as (
    select
        sheet || ':' || number_id as acceptability_id,
        cast(
            row_number() over (
                order by outcome_label, citation_label, condition_label, number_id
            ) as integer
        ) as row_order,
        outcome_label,
        outcome_role,
        meta_analysis_id,
        coalesce(citation_label, meta_analysis_id) as label,
        condition_label,
        counted,
        of_whom,
        guidance_label,
        comparator_label,
        {{ true_minus('reported') }} as reported,
        cast(n_studies as integer) as n_studies,
        is_used,
        fate
    from described
)

select
    final.* replace (
        {{ review_words('final.of_whom') }} as of_whom,
        {{ review_words('final.fate') }} as fate
    )
from final
cross join {{ ref('dim_review') }} as review
order by row_order
