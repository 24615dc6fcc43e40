-- Grain: one row per headline analysis and row of the extraction that passes its filters: a member
-- with its weight and source, or a candidate with the reason it was left out.
with

headlines as (
    select
        analysis_id,
        headline_label,
        shown_as as headline_shown_as,
        scale as headline_scale,
        decimals,
        condition,
        sort_order
    from {{ ref('dim_analyses') }}
    where is_headline
),

candidates as (
    select * from {{ ref('fct_analysis_members') }}
    where policy_id = 'recommended'
),

effects as (
    select
        'reported_effects' as source_sheet,
        effect_id,
        sheet_row,
        measure,
        estimate,
        ci_low,
        ci_high,
        ci_level,
        conversion_path,
        assumptions,
        flags,
        adjudicated_fields,
        source_locator,
        if(measure_family = 'ratio', measure_unit, null) as amount,
        cast(null as varchar) as trial,
        cast(null as integer) as trial_year
    from {{ ref('fct_effects') }}

    union all by name

    select
        rates.source_sheet,
        rates.rate_id as effect_id,
        rates.sheet_row,
        if(rates.scale = 'logit', 'proportion', 'incidence_rate') as measure,
        rates.rate_unit as amount,
        coalesce(rates.percent, rates.rate) as estimate,
        if(
            rates.interval_kind = 'ci95', coalesce(rates.percent_low, rates.rate_low), null
        ) as ci_low,
        if(
            rates.interval_kind = 'ci95', coalesce(rates.percent_high, rates.rate_high), null
        ) as ci_high,
        rates.assumptions,
        rates.flags,
        rates.source_locator,
        trials.study as trial,
        trials.year as trial_year
    from {{ ref('fct_rates') }} as rates
    left join {{ ref('stg_extraction__primary_studies') }} as trials
        on rates.source_sheet = 'primary_studies' and rates.row_id = trials.comparison_id

    union all by name

    select
        source_sheet,
        effect_id,
        source_locator,
        trial,
        trial_year
    from {{ ref('dim_member_effects') }}
    where source_sheet = 'primary_studies' and not is_rate
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

sizes as (
    {%- for pools in ['fct_pooled_effects', 'fct_pooled_rates'] %}
    select
        analysis_id,
        person_time_unit
    from {{ ref(pools) }}
    where policy_id = 'recommended'
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

measures as (
    select * from {{ ref('stg_vocabulary__measures') }}
),

conversions as (
    select * from {{ ref('stg_protocol__conversions') }}
),

exclusions as (
    select * from {{ ref('stg_vocabulary__exclusion_reasons') }}
),

reasons_apart as (
    select
        member_id,
        unnest(string_split(exclusion_reason, '; ')) as reason,
        unnest(range(len(string_split(exclusion_reason, '; ')))) as place
    from candidates
    where not is_member
),

reasons as (
    select
        reasons_apart.member_id,
        string_agg(
            {{ reason_in_words(
                'reasons_apart.reason',
                'lcase(left(exclusions.label, 1)) || substr(exclusions.label, 2)',
                'lcase(left(measures.label, 1)) || substr(measures.label, 2)',
            ) }},
            '; ' order by reasons_apart.place
        ) as words
    from reasons_apart
    left join exclusions
        on reasons_apart.reason = 'meta-analysis excluded: ' || exclusions.code
    left join measures on reasons_apart.reason = 'measure is never pooled: ' || measures.code
    group by reasons_apart.member_id
),

described as (
    select
        headlines.condition,
        headlines.headline_label,
        headlines.headline_shown_as,
        headlines.headline_scale,
        headlines.decimals,
        conversions.formula as conversion_formula,
        headlines.analysis_id,
        sizes.person_time_unit,
        candidates.*,
        effects.* exclude (source_sheet, effect_id, ci_low, ci_high, trial, trial_year),
        effects.ci_low as reported_low,
        effects.ci_high as reported_high,
        measures.label as measure_label,
        reasons.words as reason,
        coalesce(effects.trial, meta_analyses.citation_label, candidates.meta_analysis_id)
            as citation_label,
        coalesce(effects.trial_year, meta_analyses.year) as year,
        meta_analyses.source_kind,
        meta_analyses.source_url,
        if(effects.trial is null, meta_analyses.doi, null) as doi,
        nullif(
            concat_ws(
                '. ',
                meta_analyses.first_author,
                meta_analyses.title,
                concat_ws(' ', meta_analyses.journal, cast(meta_analyses.year as varchar))
            ), ''
        ) as reference,
        list_filter(
            list_append(
                coalesce(string_split(effects.assumptions, '; '), cast([] as varchar[])),
                candidates.conversion_assumption
                || coalesce(printf(' (a risk of %g)', candidates.baseline_risk), '')
            ),
            lambda assumption: assumption is not null
        ) as assumption_list,
        list_concat(
            list_transform(
                coalesce(string_split(effects.flags, '; '), cast([] as varchar[])),
                lambda flag: {{ flag_in_words('flag') }}
            ),
            [
                if(
                    candidates.is_unresolved,
                    'the two extractors differ, undecided: '
                    || replace(candidates.unresolved_fields, '_', ' '), null
                ),
                'numbers to look at: ' || candidates.findings,
                if(
                    effects.adjudicated_fields is null, null,
                    'adjudicated: '
                    || replace(replace(effects.adjudicated_fields, ' -> ', ' → '), '_', ' ')
                ),
                if(
                    candidates.is_member and candidates.is_tied,
                    'several rows rank equal; the identifier decided', null
                ),
            ],
            list_filter(
                assumption_list, lambda assumption: starts_with(assumption, 'the interval is off')
            )
        ) as remark_list
    from headlines
    inner join sizes on headlines.analysis_id = sizes.analysis_id
    inner join candidates on headlines.analysis_id = candidates.analysis_id
    inner join effects
        on
            candidates.source_sheet = effects.source_sheet
            and candidates.effect_id = effects.effect_id
    left join meta_analyses on candidates.meta_analysis_id = meta_analyses.meta_analysis_id
    left join measures on effects.measure = measures.code
    left join conversions on candidates.conversion = conversions.conversion
    left join reasons on candidates.member_id = reasons.member_id
),

final as (
    select
        condition,
        cast(
            row_number() over (
                partition by analysis_id
                order by is_member desc, citation_label, year, effect_id
            ) as integer
        ) as row_order,
        headline_label,
        analysis_id,
        is_member,
        meta_analysis_id,
        citation_label as label,
        effect_id,
        sheet_row,
        nullif(concat_ws(' ', coalesce(measure_label, measure), amount), '') as measure_label,
        estimate as reported_estimate,
        reported_low,
        reported_high,
        100 * ci_level as reported_ci_percent,
        n_studies as n_trials,
        n_participants,
        person_time,
        person_time_unit,
        {{ shown_value('yi', 'headline_shown_as') }} as estimate,
        {{ shown_value('ci_low', 'headline_shown_as') }} as ci_low,
        {{ shown_value('ci_high', 'headline_shown_as') }} as ci_high,
        headline_shown_as as shown_as,
        decimals,
        if(is_member, 100 * weight, null) as weight_percent,
        if(conversion_path is null, null, array_to_string(
            list_concat(
                ['as reported: ' || measure_label],
                -- How a ratio is an SMD is a step of the effect; to other scales, of the analysis.
                list_transform(
                    list_filter(
                        string_split(conversion_path, ' > ')[2:],
                        lambda step: headline_scale = 'smd' or not starts_with(step, 'SMD by ')
                    ),
                    lambda step: {{ step_in_words('step') }}
                ),
                if(
                    conversion_formula is null
                    or (headline_scale = 'smd' and contains(conversion_path, 'SMD by ')),
                    cast([] as varchar[]),
                    ['converted: ' || conversion_formula]
                )
            ),
            '; '
        )) as conversion,
        nullif(
            array_to_string(
                list_filter(
                    assumption_list,
                    lambda assumption: not starts_with(assumption, 'the interval is off')
                ), '; '
            ), ''
        ) as assumptions,
        source_locator,
        source_kind,
        source_url,
        reference,
        doi,
        {{ true_minus('upper(left(reason, 1)) || substr(reason, 2)') }} as reason,
        nullif(
            array_to_string(list_filter(remark_list, lambda remark: remark is not null), '; '), ''
        ) as remark
    from described
)

select
    final.* replace (
        {{ review_words('final.conversion') }} as conversion,
        {{ review_words('final.reason') }} as reason,
        {{ review_words('final.remark') }} as remark
    )
from final
cross join {{ ref('dim_review') }} as review
order by analysis_id, row_order
