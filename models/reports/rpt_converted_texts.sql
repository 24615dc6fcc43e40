-- Grain: one row per headline analysis with members that a conversion brings to its scale: by which
-- they are there, what that assumes, and the result without them.
with

headlines as (
    select
        analysis_id,
        shown_as,
        no_effect,
        measure_unit,
        decimals,
        scale_short_label
    from {{ ref('dim_analyses') }}
    where is_headline
),

converted as (
    select
        members.analysis_id,
        {{ within_sentence('scales.label') }} as scale_label,
        conversions.sort_order,
        members.conversion_assumption,
        members.baseline_risk,
        count(*) as n
    from {{ ref('fct_analysis_members') }} as members
    inner join {{ ref('stg_protocol__conversions') }} as conversions
        on members.conversion = conversions.conversion
    left join {{ ref('stg_protocol__scales') }} as scales on conversions.from_scale = scales.scale
    where members.is_member and members.policy_id = 'recommended'
    group by all
),

listed as (
    select
        analysis_id,
        sum(n) as n,
        string_agg(
            n || ' from ' || coalesce('the ' || scale_label, 'another amount of the exposure')
            || ', assuming that ' || conversion_assumption
            || coalesce(printf(' (a risk of %g)', baseline_risk), ''),
            '; ' order by sort_order
        ) as words
    from converted
    group by analysis_id
),

policy as (
    select policies.policy_id
    from {{ ref('dim_policies') }} as policies
    inner join {{ ref('dim_policies') }} as recommended
        on
            recommended.policy_id = 'recommended'
            and {{ leaves_out_converted('policies') }}
            and {{ has_methods_of('policies', 'recommended') }}
            and policies.overlap_handling = recommended.overlap_handling
            and policies.default_correlation is not distinct from recommended.default_correlation
    order by policies.sort_order, policies.policy_id
    limit 1
),

as_reported as (
    select
        pooled.analysis_id,
        pooled.k,
        {%- for value in ['estimate', 'ci_low', 'ci_high'] %}
        {{ display_scale('pooled.' ~ value, 'headlines.shown_as') }} as {{ value }},
        {%- endfor %}
        headlines.scale_short_label,
        headlines.shown_as,
        headlines.no_effect,
        headlines.measure_unit,
        headlines.decimals
    from {{ ref('fct_pooled_effects') }} as pooled
    inner join policy on pooled.policy_id = policy.policy_id
    inner join headlines on pooled.analysis_id = headlines.analysis_id
)

select
    pooled.analysis_id,
    pooled.n_converted_members as n_converted,
    pooled.n_converted_members || ' of ' || {{ counted('pooled.k', "'effect'", "'effects'") }}
    || ' reached this scale by a conversion: ' || listed.words || '.'
    || case
        when as_reported.k is null then ''
        when as_reported.k = 0
            then ' No effect is reported on this scale itself.'
        when as_reported.estimate is null then ' Without them nothing is estimated.'
        else
            ' Without ' || {{ agreeing('listed.n', "'it'", "'them'") }} || ': '
            || as_reported.scale_short_label || ' '
            || {{ conclusion_ci('as_reported', 'as_reported') }}
            || ', k=' || as_reported.k || '.'
    end as converted_text
from {{ ref('fct_pooled_effects') }} as pooled
inner join listed on pooled.analysis_id = listed.analysis_id
inner join headlines on pooled.analysis_id = headlines.analysis_id
left join as_reported on pooled.analysis_id = as_reported.analysis_id
where pooled.policy_id = 'recommended'
order by pooled.analysis_id
