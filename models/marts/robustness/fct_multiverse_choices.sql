-- Grain: one row per analysis, choice and option: what the specifications with this option give,
-- and how much of all their differences goes with the choice.
{% set multiverse_choices = [
    'exclusion', 'one_effect_rule', 'selection_rule', 'converted_effects', 'or_to_smd_rule',
    'overlap_handling', 'tau2_method', 'ci_method'
] %}
with

specifications as (
    select * from {{ ref('fct_multiverse') }}
),

choices as (
    select * from {{ ref('stg_protocol__multiverse_choices') }}
),

-- A group per choice, not one of rows unpivoted: seven times the specifications would be sorted.
options as (
    {%- for choice in multiverse_choices %}
    select
        analysis_id,
        '{{ choice }}' as choice,
        {{ choice }} as option,
        count(*) as n_specifications,
        count(estimate) as n_with_estimate,
        median(estimate) as median_estimate,
        avg(estimate order by specification_id) as mean_estimate,
        avg(ci_high - ci_low order by specification_id) as mean_ci_width,
        count_if(side = 'above') / nullif(count(side), 0) as share_above
    from specifications
    where {{ choice }} is not null
    group by analysis_id, {{ choice }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

spread as (
    select
        analysis_id,
        var_pop(estimate order by specification_id) as variance,
        avg(estimate order by specification_id) as mean_estimate
    from specifications
    group by analysis_id
),

-- The variance between the options' means, weighted by their numbers, over the whole: eta squared.
shares as (
    select
        options.analysis_id,
        options.choice,
        max(options.mean_estimate) - min(options.mean_estimate) as difference_of_means,
        max(options.mean_ci_width) - min(options.mean_ci_width) as difference_of_widths,
        if(
            any_value(spread.variance) > 1e-24,
            sum(
                options.n_with_estimate * (options.mean_estimate - spread.mean_estimate) ** 2
                order by options.option
            ) / (sum(options.n_with_estimate) * any_value(spread.variance)),
            null
        ) as share_of_variance
    from options
    inner join spread on options.analysis_id = spread.analysis_id
    group by options.analysis_id, options.choice
),

ranked as (
    select
        *,
        cast(
            row_number() over (
                partition by analysis_id order by difference_of_means desc nulls last, choice
            ) as integer
        ) as choice_rank
    from shares
),

final as (
    select
        options.analysis_id,
        options.choice,
        options.option,
        choices.label,
        options.n_specifications,
        options.n_with_estimate,
        options.mean_estimate,
        options.median_estimate,
        options.mean_ci_width,
        options.share_above,
        ranked.choice_rank,
        ranked.difference_of_means,
        ranked.difference_of_widths,
        {{ least_of(['ranked.share_of_variance', '1.0']) }} as share_of_variance
    from options
    inner join ranked
        on
            options.analysis_id = ranked.analysis_id
            and options.choice = ranked.choice
    inner join choices
        on
            options.choice = choices.choice
            and options.option = choices.option
)

select * from final
order by analysis_id, choice, option
