-- Grain: one row per analysis and specification: one option of every choice of the sheet
-- multiverse_choices. Rates are on the logit scale.
{% set choices = [
    'converted_effects', 'exclusion', 'one_effect_rule', 'selection_rule', 'or_to_smd_rule',
    'overlap_handling', 'tau2_method', 'ci_method',
] %}
{% set of_members = ['exclusion', 'one_effect_rule', 'selection_rule'] %}
{% set prespecified = {
    'selection_rule': 'analyses.selection_rule',
    'one_effect_rule': "'main_pool'",
    'exclusion': "'none'",
    'converted_effects': "'pooled'",
    'or_to_smd_rule': 'recommended.or_to_smd_rule',
    'overlap_handling': 'recommended.overlap_handling',
    'tau2_method': 'recommended.tau2_method',
    'ci_method': 'recommended.ci_method',
} %}
with

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

recommended as (
    select * from {{ ref('stg_protocol__policies') }}
    where policy_id = 'recommended'
),

sets as (
    select * from {{ ref('int_multiverse_sets') }}
),

-- What is no choice of an analysis has its first option only, which stands for all of them.
specifications as (
    select
        {%- for choice in choices if choice != 'converted_effects' %}
        {{ choice }}_options.{{ choice }},
        chosen.has_{{ choice }},
        if(chosen.has_{{ choice }}, {{ choice }}_options.{{ choice }}_doubt, null)
            as {{ choice }}_doubt,
        {%- endfor %}
        handled.is_choice as has_converted_effects,
        handled.converted_effects_doubt,
        sets.converted_effects,
        sets.analysis_id,
        sets.member_set
    from sets
    inner join {{ ref('int_multiverse_conversions') }} as handled
        on
            sets.analysis_id = handled.analysis_id
            and sets.converted_effects = handled.converted_effects
    inner join {{ ref('int_multiverse_choices') }} as chosen
        on sets.analysis_id = chosen.analysis_id
    {%- for choice in choices if choice != 'converted_effects' %}
    inner join {{ multiverse_options(choice) }} as {{ choice }}_options
        on
            (chosen.has_{{ choice }} or {{ choice }}_options.is_first_{{ choice }})
            {%- if choice in of_members %}
            and sets.{{ choice }} = {{ choice }}_options.{{ choice }}
            {%- endif %}
    {%- endfor %}
),

fits as (
    select
        * exclude (fit),
        fit.status as status,
        fit.k as k,
        fit.estimate as estimate,
        if(fit.status = 'single_study', only_ci_low, fit.ci_low) as ci_low,
        if(fit.status = 'single_study', only_ci_high, fit.ci_high) as ci_high,
        fit.p_value as p_value,
        fit.tau2 as tau2,
        max(fit.tau2) over (
            partition by analysis_id, member_set, or_to_smd_rule, overlap_handling
        ) > 0 as is_heterogeneous,
        not {{ has_verdict('fit.k') }} as has_few_members
    from {{ ref('int_multiverse_fits') }}
),

final as (
    select
        specifications.analysis_id,
        {%- for choice in prespecified %}
        if(specifications.has_{{ choice }}, specifications.{{ choice }}, null) as {{ choice }},
        {%- endfor %}
        {%- for choice, option in prespecified.items() %}
        {{ 'and ' if not loop.first }}(
            not specifications.has_{{ choice }}
            or specifications.{{ choice }} = {{ option }}
        )
        {%- endfor %} as is_prespecified,
        cast(specifications.member_set as integer) as member_set,
        coalesce(fits.status, 'no_data') as status,
        coalesce(fits.k, 0) as k,
        fits.estimate,
        fits.ci_low,
        fits.ci_high,
        if({{ is_of_rates('analyses.scale') }}, null, fits.p_value) as p_value,
        fits.tau2,
        coalesce(fits.k, 0) > 1 as is_pooled,
        case
            {%- for choice in choices %}
            when specifications.{{ choice }}_doubt = 'always' then '{{ choice }}'
            when specifications.{{ choice }}_doubt = 'heterogeneity' and fits.is_heterogeneous
                then '{{ choice }}'
            when specifications.{{ choice }}_doubt = 'few_members' and fits.has_few_members
                then '{{ choice }}'
            {%- endfor %}
        end as doubtful_choice,
        if(
            {{ is_of_rates('analyses.scale') }}, null, {{ side('fits.ci_low', 'fits.ci_high') }}
        ) as side,
        if(
            analyses.scale = 'smd',
            {{ band_of('abs(fits.estimate)', ref('stg_protocol__cohen_bands')) }},
            null
        ) as cohen_band
    from specifications
    inner join analyses on specifications.analysis_id = analyses.analysis_id
    cross join recommended
    left join fits
        on
            specifications.analysis_id = fits.analysis_id
            and specifications.member_set = fits.member_set
            and specifications.or_to_smd_rule = fits.or_to_smd_rule
            and specifications.overlap_handling = fits.overlap_handling
            and specifications.tau2_method = fits.tau2_method
            and specifications.ci_method = fits.ci_method
),

numbered as (
    select
        analysis_id || ':' || row_number() over (
            partition by analysis_id
            order by
                selection_rule, one_effect_rule, exclusion, converted_effects, or_to_smd_rule,
                overlap_handling, tau2_method, ci_method
        ) as specification_id,
        *
    from final
)

select * from numbered
order by analysis_id, specification_id
