-- Grain: one row per effect with a standard error: within which bounds its estimate, its standard
-- error, its test and its limits lie, since each printed number stands for every one that rounds to
-- it. The digits of an interval are those of the number of the row that has most.
with

measures as (
    select * from {{ ref('int_measures') }}
),

printed as (
    select
        effects.*,
        measures.is_as_shown,
        0.5 * power(10, -list_max([
            {{ decimals('texts.estimate_printed') }},
            {{ decimals('texts.ci_low_printed') }},
            {{ decimals('texts.ci_high_printed') }}
        ])) as half_unit,
        0.5 * power(10, -{{ decimals('texts.se_printed') }}) as se_half_unit,
        0.5 * power(10, -{{ decimals('texts.p_value_printed') }}) as p_half_unit,
        effects.vi_own_scale as vi
    from {{ ref('int_effects') }} as effects
    inner join measures on effects.measure = measures.measure
    inner join {{ ref('int_printed_results') }} as texts
        on effects.row_number = texts.row_number
    where
        texts.sheet = 'reported_effects'
        and texts.part = 'result'
        and effects.se_source is not null
),

on_analysis_scale as (
    select
        {%- for number in ['estimate', 'ci_low', 'ci_high'] %}
        {{ analysis_scale(number) }} as {{ number }}_scaled,
        {{ analysis_scale('(' ~ number ~ ' - half_unit)') }} as {{ number }}_min,
        {{ analysis_scale('(' ~ number ~ ' + half_unit)') }} as {{ number }}_max,
        {%- endfor %}
        -- Of an estimate of one: the critical value that this P stands for.
        1 / se_from_p(1.0, p_value + p_half_unit).se as z_of_p_min,
        1 / se_from_p(1.0, p_value - p_half_unit).se as z_of_p_max,
        effect_id,
        se_source,
        se_reported,
        se_half_unit,
        ci_level,
        half_unit,
        vi
    from printed
),

distances as (
    select
        *,
        {{ greatest_of(['abs(estimate_min)', 'abs(estimate_max)']) }} as distance_max,
        if(
            estimate_min < 0 and estimate_max > 0,
            0,
            {{ least_of(['abs(estimate_min)', 'abs(estimate_max)']) }}
        ) as distance_min,
        list_max([
            ci_low_max - ci_low_scaled, ci_low_scaled - ci_low_min,
            ci_high_max - ci_high_scaled, ci_high_scaled - ci_high_min
        ]) as shift_scaled
    from on_analysis_scale
),

bounded as (
    select
        *,
        case se_source
            when 'confidence_interval' then se_from_ci(ci_low_min, ci_high_max, ci_level).se
            when 'standard_error' then se_reported + se_half_unit
            when 'upper_limit'
                then se_from_ci(2 * estimate_min - ci_high_max, ci_high_max, ci_level).se
            when 'p_value' then distance_max / z_of_p_min
            -- Below its bound a P value may be anything, and the standard error, too.
            when 'p_bound' then sqrt(vi) * distance_max / abs(estimate_scaled)
        end as se_max,
        case se_source
            when 'confidence_interval' then se_from_ci(ci_low_max, ci_high_min, ci_level).se
            when 'standard_error' then se_reported - se_half_unit
            when 'upper_limit'
                then se_from_ci(2 * estimate_max - ci_high_min, ci_high_min, ci_level).se
            when 'p_value' then distance_min / z_of_p_max
        end as se_min,
        case se_source
            when 'confidence_interval' then se_from_ci(ci_low_scaled, ci_high_scaled, ci_level).se
            else sqrt(vi)
        end as se_scaled
    from distances
),

final as (
    select
        effect_id,
        half_unit,
        estimate_scaled,
        -- A limit of a ratio may have been zero, and an interval without width.
        case se_source
            when 'p_value' then z_of_p_min
            when 'p_bound' then abs(estimate_scaled) / sqrt(vi)
            else coalesce(distance_min / se_max, 0)
        end as z_min,
        coalesce(
            if(se_source = 'p_value', z_of_p_max, distance_max / nullif(se_min, 0)),
            cast('infinity' as double)
        ) as z_max,
        -- On the scale that is pooled: a converted ratio is shorter by a factor.
        shift_scaled * sqrt(vi) / se_scaled as limit_shift,
        (estimate_scaled - estimate_min) / se_scaled as estimate_down,
        (estimate_max - estimate_scaled) / se_scaled as estimate_up,
        se_min / se_scaled as se_factor_min,
        se_max / se_scaled as se_factor_max
    from bounded
)

select * from final
order by effect_id
