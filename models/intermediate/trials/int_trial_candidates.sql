-- Grain: one row per rule and trial comparison: whether its trial is represented by it, and why
-- not. A set of trials is one outcome of one meta-analysis; where its rows are on several scales,
-- SMDs go first (odds ratios are converted to them), else the scale with most rows. Shares of one
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

scales as (
    select
        trial_set_id,
        scale,
        count(distinct comparison_id) filter (status = 'ok') as n_rows
    from conversions
    group by trial_set_id, scale
),

set_scales as (
    select distinct on (trial_set_id)
        trial_set_id,
        scale as set_scale
    from scales
    order by trial_set_id, n_rows > 0 desc, scale = 'smd' desc, n_rows desc, scale
),

on_set_scale as (
    select
        conversions.* exclude (yi, vi, conversion_path, status),
        set_scales.set_scale,
        smd_from_log_odds(conversions.yi, conversions.vi, 'hasselblad_hedges') as as_smd,
        conversions.yi as yi_own,
        conversions.vi as vi_own,
        conversions.conversion_path as own_path,
        conversions.status as own_status,
        conversions.scale = 'log_odds_ratio' and set_scales.set_scale = 'smd' as is_converted
    from conversions
    inner join set_scales on conversions.trial_set_id = set_scales.trial_set_id
),

usable as (
    select
        * exclude (yi_own, vi_own, own_path, own_status, as_smd, is_converted),
        if(is_converted, as_smd.yi, yi_own) as yi,
        if(is_converted, as_smd.vi, vi_own) as vi,
        own_path || if(is_converted, ' > SMD by Hasselblad-Hedges', '') as conversion_path,
        case
            when own_status != 'ok' then own_status
            when scale != set_scale and not is_converted
                then 'on another scale than its set: ' || scale || ', not ' || set_scale
            else 'ok'
        end as status
    from on_set_scale
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
                when 'n' then -usable.n_participants
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
