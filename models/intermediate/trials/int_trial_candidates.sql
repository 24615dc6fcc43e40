-- Grain: one row per rule and trial comparison: whether its trial is represented by it, and why
-- not. A set of trials is one outcome of one meta-analysis; where its rows are on several scales,
-- that of an analysis of them goes first, then SMDs (odds ratios are converted to them), else the
-- scale with most rows. Shares of one
-- arm (dropout, adherence ...) are in int_rates instead.
with

rules as (
    select * from {{ ref('stg_protocol__trial_rules') }}
),

trial_rows as (
    select * from {{ ref('int_trial_rows') }}
),

conversions as (
    select
        conversions.* exclude (is_continuous, conversion_path_smd, yi_smd, vi_smd, status_smd),
        trial_rows.trial_id,
        concat_ws(
            ':', conversions.meta_analysis_id,
            if(conversions.dataset = conversions.meta_analysis_id, null, conversions.dataset),
            conversions.condition, conversions.subtype, conversions.outcome,
            if(conversions.timepoint = 'post', null, conversions.timepoint)
        ) as trial_set_id
    from {{ ref('int_trial_conversions') }} as conversions
    inner join trial_rows on conversions.comparison_id = trial_rows.comparison_id
    where
        conversions.conversion_path is not null
        or conversions.outcome not in {{ codes_of(
            'outcomes', ['dropout', 'adherence', 'completion', 'satisfaction']
        ) }}
),

-- The scale that an analysis of trials asks for, the first in the order of the protocol.
asked as (
    select distinct on (conversions.trial_set_id)
        conversions.trial_set_id,
        analyses.scale
    from conversions
    inner join {{ ref('stg_protocol__analyses') }} as analyses
        on
            conversions.outcome = analyses.outcome
            and conversions.timepoint = coalesce(analyses.timepoint, 'post')
            and (analyses.condition is null or conversions.condition = analyses.condition)
            and (analyses.subtype is null or conversions.subtype = analyses.subtype)
    where analyses.unit = 'trial' and not {{ is_of_rates('analyses.scale') }}
    order by conversions.trial_set_id, analyses.sort_order, analyses.analysis_id
),

-- The scales on which rows of a set can be, and how many are on each by what was printed.
scales as (
    select
        trial_set_id,
        scale,
        count(distinct comparison_id) filter (is_own and status = 'ok') as n_rows
    from (
        select
            trial_set_id,
            comparison_id,
            status,
            scale,
            true as is_own
        from conversions
        union all
        select
            trial_set_id,
            comparison_id,
            status,
            unnest(
                list_concat(
                    map_keys(effects_by_counts),
                    if(
                        scale = 'log_odds_ratio'
                        or list_contains(map_keys(effects_by_counts), 'log_odds_ratio'),
                        ['smd'],
                        []
                    )
                )
            ) as scale,
            false as is_own
        from conversions
        where status = 'ok'
    ) as possible
    group by trial_set_id, scale
),

set_scales as (
    select distinct on (scales.trial_set_id)
        scales.trial_set_id,
        scales.scale as set_scale
    from scales
    left join asked on scales.trial_set_id = asked.trial_set_id
    order by
        scales.trial_set_id, scales.scale is not distinct from asked.scale desc,
        scales.n_rows > 0 desc, scales.scale = 'smd' desc, scales.n_rows desc, scales.scale
),

-- Where a row is on another scale than its set, its counts may give that of the set; in a set of
-- SMDs an odds ratio, printed or from counts, is converted.
on_set_scale as (
    select
        conversions.* exclude (yi, vi, conversion_path, status, effects_by_counts),
        set_scales.set_scale,
        {
            'yi': conversions.yi,
            'vi': conversions.vi,
            'path': conversions.conversion_path
        } as own,
        conversions.status as own_status,
        conversions.effects_by_counts[set_scales.set_scale] as counted,
        if(
            conversions.scale = 'log_odds_ratio',
            {
                'yi': conversions.yi,
                'vi': conversions.vi,
                'path': conversions.conversion_path
            },
            conversions.effects_by_counts['log_odds_ratio']
        ) as odds
    from conversions
    inner join set_scales on conversions.trial_set_id = set_scales.trial_set_id
),

with_odds as (
    select
        *,
        smd_from_log_odds(
            struct_extract(odds, 'yi'), struct_extract(odds, 'vi'), 'hasselblad_hedges'
        ) as odds_as_smd
    from on_set_scale
),

chosen as (
    select
        * exclude (odds, odds_as_smd),
        case
            when scale = set_scale then own
            when counted is not null then counted
            when set_scale = 'smd' and odds_as_smd.status = 'ok' and smd_sign_of_own is not null
                then
                    {
                        'yi': smd_sign_of_own * odds_as_smd.yi,
                        'vi': odds_as_smd.vi,
                        'path': struct_extract(odds, 'path') || ' > SMD by Hasselblad-Hedges'
                    }
        end as effect
    from with_odds
),

usable as (
    select
        * exclude (own, own_status, counted, effect, smd_sign_of_own),
        coalesce(effect, own).yi as yi,
        coalesce(effect, own).vi as vi,
        coalesce(effect, own).path as conversion_path,
        case
            when effect is not null and scale != set_scale then 'ok'
            when own_status != 'ok' then own_status
            when effect is null
                then 'on another scale than its set: ' || scale || ', not ' || set_scale
            else 'ok'
        end as status
    from chosen
),

ranked as (
    select
        rules.rule_id,
        rules.selection,
        rules.order_by,
        usable.*,
        row_number() over choice as choice_rank,
        first_value(usable.comparison_id) over choice as chosen_id
    from usable
    inner join rules
        on
            usable.variance_form = rules.variance_form
            and usable.correction = rules.correction
    window choice as (
        partition by rules.rule_id, usable.trial_set_id, usable.trial_id, usable.status = 'ok'
        order by
            case rules.order_by
                when 'weeks' then usable.weeks
                when 'n'
                    then
                        -coalesce(usable.n_participants, usable.person_time, usable.n_cases)
                when 'vi' then usable.vi
            end nulls last,
            usable.row_number
    )
),

final as (
    select
        * exclude (choice_rank, chosen_id, status),
        -- The unit that is pooled: the trial, or the row where every row counts.
        if(selection = 'all', comparison_id, trial_id) as unit_id,
        if(selection = 'all', study || ' (' || comparison_id || ')', study) as trial,
        status = 'ok' and (selection != 'one' or choice_rank = 1) as is_member,
        case
            when status != 'ok' then status
            when selection = 'one' and choice_rank > 1
                then
                    'one row per trial by ' || coalesce(order_by, 'sheet_row') || ': '
                    || chosen_id || ' goes first'
        end as exclusion_reason
    from ranked
)

select * from final
