-- Grain: one row per row of a sheet and rule that a headline hangs on: the member that draws it
-- furthest from the others, where that is far and nobody has read it a second time; each member
-- without which it has another side or band (of few that all do, one, which names the others), and
-- each row that would give it another one and that one code keeps out.
with

headlines as (
    select * from {{ ref('int_analyses') }}
    where is_headline
),

policies as (
    select * from {{ ref('stg_protocol__policies') }}
    where policy_id = 'recommended'
),

candidates as (
    select * from {{ ref('int_analysis_candidates') }}
),

members as (
    select * from candidates
    where is_member
),

numbers as (
    select * from {{ ref('int_comparable_numbers') }}
),

-- The rows of a sheet behind a member: a trial has one for each of its comparisons.
rows_of_members as (
    select
        'reported_effects' as sheet,
        effect_id,
        effect_id as row_id
    from {{ ref('int_effects') }}
    union all
    select distinct
        source_sheet as sheet,
        rate_id as effect_id,
        row_id
    from {{ ref('int_rates') }}
    union all
    select
        'primary_studies' as sheet,
        effect_id,
        unnest(comparison_ids) as row_id
    from {{ ref('int_trial_units') }}
),

named as (
    select
        numbers.*,
        rows_of_members.effect_id
    from rows_of_members
    inner join numbers
        on rows_of_members.sheet = numbers.sheet and rows_of_members.row_id = numbers.row_id
),

read_again as (
    select
        'reported_effects' as sheet,
        effect_id as row_id
    from {{ ref('stg_extraction__second_extraction') }}
    where found in ('y', 'resolved')
    union all
    select
        'reported_rates' as sheet,
        rate_id as row_id
    from {{ ref('stg_extraction__second_extraction_rates') }}
    where found in ('y', 'resolved')
),

listed as (
    select
        headlines.analysis_id,
        headlines.label as analysis_label,
        headlines.scale,
        any_value(members.source_sheet) as sheet,
        {
            'tau2_method': policies.tau2_method,
            'ci_method': policies.ci_method,
            'ci_level': policies.ci_level
        } as options,
        {{ member_list('members.effect_id', 'members.effect_id', 'varchar') }} as effect_ids,
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
        *,
        pool(yis, vis, options) as whole,
        leave_one_out(yis, vis, options) as others
    from listed
),

omitted as (
    select
        analysis_id,
        analysis_label,
        scale,
        sheet,
        whole.estimate as estimate,
        whole.ci_low as ci_low,
        whole.ci_high as ci_high,
        len(effect_ids) as n_members,
        unnest(effect_ids) as effect_id,
        unnest(others.estimate) as estimate_of_others,
        unnest(others.ci_low) as low_of_others,
        unnest(others.ci_high) as high_of_others
    from fitted
),

-- Rows that nothing but their scope or time keeps out, of sources that give the headline nothing.
kept_out as (
    select candidates.*
    from candidates
    inner join {{ ref('int_effects') }} as effects on candidates.effect_id = effects.effect_id
    where
        candidates.source_sheet = 'reported_effects'
        and not candidates.is_member
        and not contains(candidates.exclusion_reason, '; ')
        and effects.restriction is null
        and (effects.scope = 'subgroup' or effects.timepoint != 'post')
        and candidates.yi is not null
        and candidates.vi is not null
        and (candidates.analysis_id, candidates.cluster_id) not in (
            select (members.analysis_id, members.cluster_id) from members
        )
),

added as (
    select
        fitted.analysis_id,
        fitted.analysis_label,
        fitted.scale,
        fitted.sheet,
        fitted.whole.estimate as estimate,
        fitted.whole.ci_low as ci_low,
        fitted.whole.ci_high as ci_high,
        len(fitted.effect_ids) as n_members,
        members.effect_id,
        pool(
            list_append(
                fitted.yis, if(policies.or_to_smd_rule = 'cox', members.yi_cox, members.yi)
            ),
            list_append(
                fitted.vis, if(policies.or_to_smd_rule = 'cox', members.vi_cox, members.vi)
            ),
            fitted.options
        ) as with_it
    from fitted
    cross join policies
    inner join kept_out as members on fitted.analysis_id = members.analysis_id
),

tried as (
    select
        *,
        'without it' as change
    from omitted
    union all
    select
        * exclude (with_it),
        with_it.estimate as estimate_of_others,
        with_it.ci_low as low_of_others,
        with_it.ci_high as high_of_others,
        'with it' as change
    from added
),

-- A percentage or rate of one group has no value that means no effect.
turned as (
    select
        *,
        not {{ is_of_rates('scale') }}
        and {{ side('ci_low', 'ci_high') }} != {{ side('low_of_others', 'high_of_others') }}
            as is_other_side,
        scale = 'smd'
        and {{ band_of('abs(estimate)', ref('stg_protocol__cohen_bands')) }}
        != {{ band_of('abs(estimate_of_others)', ref('stg_protocol__cohen_bands')) }}
            as is_other_band
    from tried
),

-- How far it draws the result away from the others, beside the width of their interval.
furthest as (
    select
        *,
        2 * abs(estimate - estimate_of_others) / (high_of_others - low_of_others) as distance
    from omitted
    qualify row_number() over (partition by analysis_id order by distance desc, effect_id) = 1
),

turning as (
    select
        turned.*,
        turned.change = 'without it' and read_again.row_id is null as has_doubtful_numbers,
        turned.change = 'without it' and turned.n_members <= 3 as is_of_few
    from turned
    left join read_again
        on turned.sheet = read_again.sheet and turned.effect_id = read_again.row_id
    where turned.is_other_side or turned.is_other_band
),

-- Nearly every member of few turns a headline: one of them says so, and names the others.
told as (
    select
        *,
        list(effect_id) over (partition by analysis_id, is_of_few) as ids_that_turn
    from turning
    qualify
        not is_of_few
        or row_number() over (
            partition by analysis_id, is_of_few
            order by has_doubtful_numbers desc, abs(estimate - estimate_of_others) desc, effect_id
        ) = 1
),

others as (
    select
        told.analysis_id,
        string_agg(distinct named.row_id, ', ' order by named.row_id) as row_ids
    from told
    inner join named
        on
            told.sheet = named.sheet
            and list_contains(told.ids_that_turn, named.effect_id)
            and told.effect_id != named.effect_id
    where told.is_of_few
    group by told.analysis_id
),

found as (
    select
        furthest.sheet,
        furthest.effect_id,
        'headline_hangs_on_row' as rule,
        'with it the pooled result lies outside the interval of the others' as change,
        furthest.analysis_label,
        true as has_doubtful_numbers
    from furthest
    left join read_again
        on furthest.sheet = read_again.sheet and furthest.effect_id = read_again.row_id
    where read_again.row_id is null and furthest.distance > 1

    union all

    -- A second reader reads numbers, and no code that says where a row belongs.
    select
        told.sheet,
        told.effect_id,
        'headline_turns_on_row' as rule,
        told.change || ' the pooled result has another '
        || if(told.is_other_side, 'side of no effect', 'band')
        || coalesce(' (it also turns without ' || others.row_ids || ')', '') as change,
        told.analysis_label,
        told.has_doubtful_numbers
    from told
    left join others on told.analysis_id = others.analysis_id and told.is_of_few
),

final as (
    select
        named.sheet,
        named.row_number,
        named.row_id,
        found.rule,
        concat_ws(
            ', ',
            if(bool_or(found.has_doubtful_numbers), named.columns, null),
            if(
                found.rule = 'headline_turns_on_row' and named.sheet = 'reported_effects',
                'scope', null
            ),
            if(found.rule = 'headline_turns_on_row', 'condition, outcome, timepoint', null)
        ) as columns,
        named.printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        string_agg(distinct found.change, '; ' order by found.change) || if(
            found.rule = 'headline_hangs_on_row', ', and nobody has read it a second time: ', ': '
        ) || string_agg(distinct found.analysis_label, ', ' order by found.analysis_label) as why,
        cast(null as varchar) as candidate
    from found
    inner join named on found.sheet = named.sheet and found.effect_id = named.effect_id
    group by
        named.sheet, named.row_number, named.row_id, found.rule, named.columns,
        named.printed
)

select * from final
