-- Grain: one row per analysis and specification: one option of every choice of the sheet
-- multiverse_choices. Rates are on the logit scale.
{% set choices = [
    'converted_effects', 'exclusion', 'one_effect_rule', 'selection_rule', 'or_to_smd_rule',
    'overlap_handling', 'tau2_method', 'ci_method',
] %}
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

specifications as (
    select
        sets.* exclude (effect_ids) replace (
            if(handled.is_choice, sets.converted_effects, null) as converted_effects
        ),
        handled.converted_effects_doubt,
        exclusions.exclusion_doubt,
        one_effect_rules.one_effect_rule_doubt,
        selection_rules.selection_rule_doubt,
        or_rules.*,
        handlings.*,
        tau2_methods.*,
        ci_methods.*
    from sets
    inner join {{ ref('int_multiverse_conversions') }} as handled
        on
            sets.analysis_id = handled.analysis_id
            and sets.converted_effects = handled.converted_effects
    inner join {{ multiverse_options('exclusion') }} as exclusions
        on sets.exclusion = exclusions.exclusion
    inner join {{ multiverse_options('one_effect_rule') }} as one_effect_rules
        on sets.one_effect_rule = one_effect_rules.one_effect_rule
    inner join {{ multiverse_options('selection_rule') }} as selection_rules
        on sets.selection_rule = selection_rules.selection_rule
    cross join {{ multiverse_options('or_to_smd_rule') }} as or_rules
    cross join {{ multiverse_options('overlap_handling') }} as handlings
    cross join {{ multiverse_options('tau2_method') }} as tau2_methods
    cross join {{ multiverse_options('ci_method') }} as ci_methods
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
        specifications.selection_rule,
        specifications.one_effect_rule,
        specifications.exclusion,
        specifications.converted_effects,
        specifications.or_to_smd_rule,
        specifications.overlap_handling,
        specifications.tau2_method,
        specifications.ci_method,
        specifications.selection_rule = analyses.selection_rule
        and specifications.one_effect_rule = 'main_pool'
        and specifications.exclusion = 'none'
        and coalesce(specifications.converted_effects, 'pooled') = 'pooled'
        and specifications.or_to_smd_rule = recommended.or_to_smd_rule
        and specifications.overlap_handling = recommended.overlap_handling
        and specifications.tau2_method = recommended.tau2_method
        and specifications.ci_method = recommended.ci_method as is_prespecified,
        specifications.member_set,
        coalesce(fits.status, 'no_data') as status,
        coalesce(fits.k, 0) as k,
        fits.estimate,
        fits.ci_low,
        fits.ci_high,
        if(analyses.scale = 'logit', null, fits.p_value) as p_value,
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
        if(analyses.scale = 'logit', null, {{ side('fits.ci_low', 'fits.ci_high') }}) as side,
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
),

-- The lists of members, thousands of them long, come last.
member_sets as (
    select distinct
        analysis_id,
        member_set,
        effect_ids
    from sets
)

select
    numbered.* exclude (member_set),
    member_sets.effect_ids
from numbered
inner join member_sets
    on
        numbered.analysis_id = member_sets.analysis_id
        and numbered.member_set = member_sets.member_set
order by numbered.analysis_id, numbered.specification_id
