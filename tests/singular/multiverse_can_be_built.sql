-- Stops the multiverse before its first fit where it would have more specifications than the
-- variable most_specifications allows. What is no choice of an analysis does not multiply.
{% set choices = [
    'exclusion', 'one_effect_rule', 'selection_rule', 'or_to_smd_rule', 'overlap_handling',
    'tau2_method', 'ci_method',
] %}
with

options as (
    select
        {%- for choice in choices %}
        count_if(choice = '{{ choice }}') as n_{{ choice }},
        {%- endfor %}
        count(*) as n_options
    from {{ ref('stg_protocol__multiverse_choices') }}
),

handled as (
    select
        analysis_id,
        count(*) as n_converted_effects
    from {{ ref('int_multiverse_conversions') }}
    group by analysis_id
),

sizes as (
    select
        handled.n_converted_effects
        {%- for choice in choices %}
        * if(chosen.has_{{ choice }}, options.n_{{ choice }}, 1)
        {%- endfor %} as n
    from {{ ref('int_multiverse_choices') }} as chosen
    inner join handled on chosen.analysis_id = handled.analysis_id
    cross join options
)

select
    'fct_multiverse' as step,
    count(*) as analyses,
    max(n) as most_of_one_analysis,
    cast(sum(n) as bigint) as specifications,
    {{ var('most_specifications') }} as most_specifications,
    'fewer options in multiverse_choices, or fewer analyses' as remedy
from sizes
having sum(n) > {{ var('most_specifications') }}
