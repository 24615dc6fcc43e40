-- Grain: one row per published claim, with the range of unrounded values behind each printed
-- number, on the printed scale and on the scale on which the interval must be symmetric
-- (ratios: the logarithm).
--
-- Assumptions: limits are those of a 95 % interval; se = width / (2 * 1.959964).
-- Nuance: interval_fault says why no standard error can be taken from the print; NULL = one can.
with

claims as (
    select * from {{ ref('stg_published__claims') }}
),

ranges as (
    select
        claim_id,
        section,
        measure,
        outcome,
        case
            when measure in ('SMD', 'MD') then 'linear'
            when measure in ('OR', 'RR') then 'log'
        end as scale,
        case
            when measure in ('SMD', 'MD') then 0.0
            when measure in ('OR', 'RR') then 1.0
        end as no_effect,
        estimate_printed,
        ci_low_printed || ' to ' || ci_high_printed as interval_printed,
        estimate_printed || coalesce(' (' || interval_printed || ')', '') as claim_printed,
        estimate,
        ci_low,
        ci_high,
        {{ smallest('estimate') }} as estimate_min,
        {{ largest('estimate') }} as estimate_max,
        {{ smallest('ci_low') }} as ci_low_min,
        {{ largest('ci_low') }} as ci_low_max,
        {{ smallest('ci_high') }} as ci_high_min,
        {{ largest('ci_high') }} as ci_high_max,
        coalesce(p_operator, '=') as p_operator,
        p_value,
        p_value_printed,
        {{ smallest('p_value') }} as p_value_min,
        {{ largest('p_value') }} as p_value_max
    from claims
),

scaled as (
    select
        *,
        {%- for column in ['estimate', 'ci_low', 'ci_high'] %}
        {{ on_scale(column) }} as {{ column }}_scaled,
        {{ on_scale(column ~ '_min') }} as {{ column }}_scaled_min,
        {{ on_scale(column ~ '_max') }} as {{ column }}_scaled_max,
        {%- endfor %}
        ci_low_min <= ci_high_max + {{ slack() }} as is_in_order,
        estimate_max >= ci_low_min - {{ slack() }}
        and estimate_min <= ci_high_max + {{ slack() }} as is_inside
    from ranges
),

midpoints as (
    select
        *,
        (ci_low_scaled_min + ci_high_scaled_min) / 2 as midpoint_min,
        (ci_low_scaled_max + ci_high_scaled_max) / 2 as midpoint_max,
        (ci_high_scaled - ci_low_scaled) / (2 * {{ z_975() }}) as se,
        {{ greatest_of(
            ['(ci_high_scaled_min - ci_low_scaled_max) / (2 * ' ~ z_975() ~ ')', '0']
        ) }} as se_min,
        (ci_high_scaled_max - ci_low_scaled_min) / (2 * {{ z_975() }}) as se_max
    from scaled
),

symmetry as (
    select
        *,
        case
            when estimate_scaled_min is not null and midpoint_min is not null then
                estimate_scaled_max >= midpoint_min - {{ slack() }}
                and estimate_scaled_min <= midpoint_max + {{ slack() }}
        end as is_symmetric
    from midpoints
),

final as (
    select
        *,
        case
            when ci_low is null and ci_high is null then 'no interval is printed'
            when ci_low is null or ci_high is null then 'only one limit of the interval is printed'
            when scale is null
                then 'the interval of a percentage has no scale on which it must be symmetric'
            when is_symmetric is null then 'a ratio that could be zero has no logarithm'
        end as scale_fault,
        coalesce(
            scale_fault,
            case
                when not is_in_order then 'the printed limits are in the wrong order'
                when not is_inside then 'the printed interval does not contain its own estimate'
                when not is_symmetric
                    then 'the printed interval is not symmetric about its estimate'
                when se <= 0 then 'the printed interval has no width'
            end
        ) as interval_fault
    from symmetry
)

select * from final
