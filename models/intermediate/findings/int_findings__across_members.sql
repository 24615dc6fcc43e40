-- Grain: one row per row of a sheet that a headline hangs on, and that nobody has read a second
-- time: of each headline the member that draws it furthest from the others, where that is far.
with

headlines as (
    select * from {{ ref('int_analyses') }}
    where is_headline
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
    where policy_id = 'recommended'
),

members as (
    select * from {{ ref('int_analysis_candidates') }}
    where is_member
),

numbers as (
    select * from {{ ref('int_comparable_numbers') }}
),

read_again as (
    select effect_id as row_id
    from {{ ref('stg_extraction__second_extraction') }}
    where found in ('y', 'resolved')
    union all
    select rate_id as row_id
    from {{ ref('stg_extraction__second_extraction_rates') }}
    where found in ('y', 'resolved')
),

listed as (
    select
        headlines.analysis_id,
        headlines.label as analysis_label,
        headlines.scale,
        {
            'tau2_method': policies.tau2_method,
            'ci_method': policies.ci_method,
            'ci_level': policies.ci_level
        } as options,
        {{ member_list('members.effect_id', 'members.effect_id', 'varchar') }} as row_ids,
        {{ effect_lists() }}
    from headlines
    cross join policies
    inner join members on headlines.analysis_id = members.analysis_id
    group by all
    having count(*) > 1
),

-- Shared trials hardly change how far one row moves a pool, and are left aside here.
fitted as (
    select
        analysis_id,
        analysis_label,
        scale,
        row_ids,
        pool(yis, vis, options) as whole,
        leave_one_out(yis, vis, options) as others
    from listed
),

omitted as (
    select
        analysis_id,
        analysis_label,
        scale,
        whole.estimate as estimate,
        whole.ci_low > 0 or whole.ci_high < 0 as is_clear,
        unnest(row_ids) as row_id,
        unnest(others.estimate) as estimate_of_others,
        unnest(others.ci_low) as low_of_others,
        unnest(others.ci_high) as high_of_others
    from fitted
),

-- How far it draws the result away from the others, beside the width of their interval.
furthest as (
    select
        *,
        2 * abs(estimate - estimate_of_others) / (high_of_others - low_of_others) as distance,
        -- A percentage has no value that means no effect.
        not {{ is_of_rates('scale') }}
        and is_clear != (low_of_others > 0 or high_of_others < 0) as is_turned
    from omitted
    qualify
        row_number() over (
            partition by analysis_id order by distance desc, is_turned desc, row_id
        ) = 1
),

final as (
    select
        numbers.sheet,
        numbers.row_number,
        numbers.row_id,
        'headline_hangs_on_row' as rule,
        numbers.columns,
        numbers.printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        if(
            bool_or(furthest.distance > 1),
            'with it the pooled result lies outside the interval of the others',
            'without it the pooled result is on another side of no effect'
        ) || ', and nobody has read it a second time: ' || string_agg(
            furthest.analysis_label, ', ' order by furthest.analysis_label
        ) as why,
        cast(null as varchar) as candidate
    from furthest
    inner join numbers on furthest.row_id = numbers.row_id
    left join read_again on furthest.row_id = read_again.row_id
    where
        read_again.row_id is null
        and (furthest.distance > 1 or furthest.is_turned)
    group by all
)

select * from final
