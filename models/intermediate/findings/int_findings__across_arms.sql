-- Grain: one row per row of a sheet, rule and columns: two arms, or those with an event and those
-- without, that may have been taken for one another.
with

effects as (
    select * from {{ ref('int_adjudicated_effects') }}
),

trials as (
    select * from {{ ref('stg_extraction__primary_studies') }}
),

-- Two arms of which one has the event mostly and the other hardly.
arms as (
    select
        row_number,
        comparison_id as row_id,
        events_intervention || '/' || total_intervention || ' against ' || events_control || '/'
        || total_control as printed,
        ln((events_intervention + 0.5) / (total_intervention - events_intervention + 0.5)) as one,
        ln((events_control + 0.5) / (total_control - events_control + 0.5)) as other
    from trials
    where events_intervention <= total_intervention and events_control <= total_control
),

{% set sizes = [
    ('primary_studies', 'comparison_id', 'n_intervention', 'n_control', 'trials'),
    ('primary_studies', 'comparison_id', 'total_intervention', 'total_control', 'trials'),
    ('reported_effects', 'effect_id', 'n_intervention', 'n_control', 'effects'),
] -%}
uneven as (
    {%- for sheet, id, one, other, table in sizes %}
    select
        '{{ sheet }}' as sheet,
        row_number,
        {{ id }} as row_id,
        '{{ one }}, {{ other }}' as columns,
        {{ one }} || ' and ' || {{ other }} as printed
    from {{ table }}
    where {{ greatest_of([one, other]) }} > 1.7 * {{ least_of([one, other]) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

halves as (
    select
        row_number,
        rate_id as row_id,
        percent,
        count(*) over (partition by outcome) as n_of_outcome,
        count(*) over (partition by outcome, percent > 50) as n_of_side
    from {{ ref('stg_extraction__reported_rates') }}
    where percent is not null
),

-- Trials whose events are all more, or all fewer, in the studied arm.
sided as (
    select
        *,
        count(events_control - events_intervention) over others as n_others,
        abs(sum(sign(events_control - events_intervention)) over others) = n_others as is_one_sided
    from trials
    window others as (
        partition by source, outcome
        rows between unbounded preceding and unbounded following exclude current row
    )
),

-- One number in both arms of a trial: of means and standard deviations, and of events where so
-- many meet by chance in one of sixteen trials, or where all others of the source differ one way.
{% set arm_pairs = [
    ('mean_intervention', 'mean_control', 'true'),
    ('sd_intervention', 'sd_control', 'true'),
    ('mean_change_intervention', 'mean_change_control', 'true'),
    ('sd_change_intervention', 'sd_change_control', 'true'),
    (
        'events_intervention', 'events_control',
        'events_control >= 20 or (events_control >= 5 and n_others >= 3 and is_one_sided)',
    ),
] -%}
twins as (
    {%- for one, other, is_telling in arm_pairs %}
    select
        row_number,
        comparison_id as row_id,
        '{{ one }}, {{ other }}' as columns,
        {{ one }} || ' and ' || {{ other }} as printed
    from sided
    where {{ one }} = {{ other }} and ({{ is_telling }})
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- The SDs of both arms beside those of the other trials on the same instrument: geometric means.
spreads as (
    select
        row_number,
        comparison_id as row_id,
        study || ' ' || sd_intervention || ' and ' || sd_control as printed,
        sqrt(sd_intervention * sd_control) as spread,
        count(*) over others as n_others,
        max(sqrt(sd_intervention * sd_control)) over others as largest,
        median(sqrt(sd_intervention * sd_control)) over others as middle
    from trials
    where sd_intervention > 0 and sd_control > 0
    window others as (
        partition by source, outcome, instrument
        rows between unbounded preceding and unbounded following exclude current row
    )
),

rates as (
    select
        row_number,
        rate_id as row_id,
        meta_analysis_id,
        condition,
        outcome,
        definition_class,
        arm,
        coalesce(percent, 100 * events / total) / 100 as share,
        if(percent is null, 'events, total', 'percent') as columns
    from {{ ref('stg_extraction__reported_rates') }}
    where share > 0 and share < 1
),

-- Of each pair the ratio that it gives, by its logarithm.
rate_pairs as (
    select
        ones.row_number as one_row,
        ones.row_id as one_id,
        ones.columns as one_columns,
        others.row_number as other_row,
        others.row_id as other_id,
        others.columns as other_columns,
        ones.meta_analysis_id,
        ones.condition,
        ones.outcome,
        round(100 * ones.share, 2) || ' % against ' || round(100 * others.share, 2) || ' %'
            as printed,
        ln(ones.share / others.share) as log_risk_ratio,
        log_risk_ratio - ln((1 - ones.share) / (1 - others.share)) as log_odds_ratio
    from rates as ones
    inner join rates as others
        on
            ones.meta_analysis_id = others.meta_analysis_id
            and ones.condition = others.condition
            and ones.outcome = others.outcome
            and ones.definition_class is not distinct from others.definition_class
    where ones.arm = 'intervention' and others.arm = 'control'
),

ratios as (
    select
        effects.*,
        if(measures.is_plain_ratio, ln(effects.estimate), effects.estimate) as log_ratio,
        measures.own_scale
    from effects
    inner join {{ ref('int_measures') }} as measures on effects.measure = measures.measure
    where
        measures.own_scale in ('log_odds_ratio', 'log_risk_ratio')
        and (effects.estimate > 0 or not measures.is_plain_ratio)
),

-- A pool weighs trials, so that the shares of both arms give about its ratio only.
compared as (
    select
        rate_pairs.*,
        ratios.row_number,
        ratios.effect_id,
        ratios.estimate,
        ratios.measure,
        if(ratios.own_scale = 'log_odds_ratio', log_odds_ratio, log_risk_ratio) as implied,
        abs(ratios.log_ratio - implied) as distance
    from ratios
    inner join rate_pairs
        on
            ratios.meta_analysis_id = rate_pairs.meta_analysis_id
            and ratios.condition = rate_pairs.condition
            and ratios.outcome = rate_pairs.outcome
),

apart as (
    select * from compared
    qualify
        row_number() over (partition by row_number order by distance, one_row, other_row) = 1
        and distance > ln(1.6)
),

-- Rows of both ends: either may be the one with the slip.
against_rates as (
    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        'estimate, measure' as columns,
        replace(measure, '_', ' ') || ' ' || estimate as printed,
        exp(implied) as implied_low,
        exp(implied) as implied_high,
        'the shares of both arms say ' || printed || ': ' || one_id || ', ' || other_id as why
    from apart
    {%- for end in ['one', 'other'] %}
    union all
    select
        'reported_rates' as sheet,
        {{ end }}_row as row_number,
        {{ end }}_id as row_id,
        {{ end }}_columns as columns,
        printed,
        null as implied_low,
        null as implied_high,
        'a ratio of ' || replace(measure, '_', ' ') || ' ' || estimate || ' stands beside it: '
        || effect_id as why
    from apart
    qualify
        row_number() over (partition by {{ end }}_row order by distance desc, row_number) = 1
    {%- endfor %}
),

-- Arms far apart, which no ratio of the source confirms.
arms_apart as (
    {%- for end in ['one', 'other'] %}
    select
        {{ end }}_row as row_number,
        {{ end }}_id as row_id,
        {{ end }}_columns as columns,
        printed
    from rate_pairs
    where
        abs(log_odds_ratio) > ln(4)
        and not exists (
            select 1
            from compared
            where
                rate_pairs.one_row = compared.one_row
                and rate_pairs.other_row = compared.other_row
                and compared.distance <= ln(1.6)
        )
    qualify
        row_number() over (
            partition by {{ end }}_row order by abs(log_odds_ratio) desc, one_row, other_row
        ) = 1
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

found as (
    select
        sheet,
        row_number,
        row_id,
        'ratio_against_rates' as rule,
        columns,
        printed,
        implied_low,
        implied_high,
        why
    from against_rates

    union all by name

    select
        'reported_rates' as sheet,
        row_number,
        row_id,
        'rates_of_arms_apart' as rule,
        columns,
        printed,
        'the odds of both arms of this source differ more than fourfold' as why
    from arms_apart

    union all by name

    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'same_number_in_both_arms' as rule,
        columns,
        printed,
        'both arms have the same number: perhaps that of one was typed in both' as why
    from twins

    union all by name

    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'sds_above_the_others' as rule,
        'sd_intervention, sd_control' as columns,
        printed,
        middle as implied_low,
        largest as implied_high,
        'both are a quarter larger than usual in its source: perhaps interquartile ranges, which '
        || 'are 1.35 standard deviations' as why
    from spreads
    where n_others >= 3 and spread > 1.25 * middle and spread > 1.1 * largest

    union all by name

    select
        'primary_studies' as sheet,
        row_number,
        row_id,
        'events_of_the_others' as rule,
        'events_intervention, events_control' as columns,
        printed,
        'most of one arm have the event, and few of the other: perhaps those without it' as why
    from arms
    where one * other < 0 and abs(one - other) > 1.1

    union all by name

    select
        'reported_effects' as sheet,
        row_number,
        effect_id as row_id,
        'one_arm_alone' as rule,
        if(n_control is null, 'n_intervention', 'n_control') as columns,
        {{ counted("coalesce(n_intervention, n_control)", "'participant'", "'participants'") }}
            as printed,
        'the number of one arm, without that of the other' as why
    from effects
    where (n_intervention is null) != (n_control is null)

    union all by name

    select
        sheet,
        row_number,
        row_id,
        'arms_of_uneven_size' as rule,
        columns,
        printed,
        'one arm has nearly twice the participants of the other' as why
    from uneven

    union all by name

    select
        'reported_rates' as sheet,
        row_number,
        row_id,
        'percent_beyond_half' as rule,
        'percent' as columns,
        percent || ' %' as printed,
        'all others of this outcome are on the other side of 50 %' as why
    from halves
    where n_of_outcome >= 5 and n_of_side = 1
),

final as (
    select
        *,
        cast(null as varchar) as candidate
    from found
)

select * from final
