-- Grain: one row per effect whose standard error comes from its printed interval: within which
-- bounds its test and its limits lie, since each printed number stands for every one that rounds to
-- it. The digits are those of the number of the row that has most.
with

measures as (
    select * from {{ ref('int_measures') }}
),

printed as (
    select
        effects.*,
        measures.is_as_shown,
        0.5 * power(10, -list_max([
            {{ decimals('cast(effects.estimate as varchar)') }},
            {{ decimals('cast(effects.ci_low as varchar)') }},
            {{ decimals('cast(effects.ci_high as varchar)') }}
        ])) as half_unit,
        effects.vi_own_scale as vi
    from {{ ref('int_effects') }} as effects
    inner join measures on effects.measure = measures.measure
    where effects.se_source = 'confidence_interval'
),

on_analysis_scale as (
    select
        {%- for number in ['estimate', 'ci_low', 'ci_high'] %}
        {{ analysis_scale(number) }} as {{ number }}_scaled,
        {{ analysis_scale('(' ~ number ~ ' - half_unit)') }} as {{ number }}_min,
        {{ analysis_scale('(' ~ number ~ ' + half_unit)') }} as {{ number }}_max,
        {%- endfor %}
        effect_id,
        ci_level,
        half_unit,
        vi
    from printed
),

bounded as (
    select
        *,
        {{ greatest_of(['abs(estimate_min)', 'abs(estimate_max)']) }} as distance_max,
        if(
            estimate_min < 0 and estimate_max > 0,
            0,
            {{ least_of(['abs(estimate_min)', 'abs(estimate_max)']) }}
        ) as distance_min,
        se_from_ci(ci_low_min, ci_high_max, ci_level).se as se_max,
        se_from_ci(ci_low_max, ci_high_min, ci_level).se as se_min,
        se_from_ci(ci_low_scaled, ci_high_scaled, ci_level).se as se_scaled,
        list_max([
            ci_low_max - ci_low_scaled, ci_low_scaled - ci_low_min,
            ci_high_max - ci_high_scaled, ci_high_scaled - ci_high_min
        ]) as shift_scaled
    from on_analysis_scale
),

final as (
    select
        effect_id,
        half_unit,
        -- A limit of a ratio may have been zero, and an interval without width.
        coalesce(distance_min / se_max, 0) as z_min,
        coalesce(distance_max / se_min, cast('infinity' as double)) as z_max,
        -- On the scale that is pooled: a converted ratio is shorter by a factor.
        shift_scaled * sqrt(vi) / se_scaled as limit_shift
    from bounded
)

select * from final
order by effect_id
