-- Grain: one row per drawn line of a forest figure, in drawing order.
with

figures as (
    select * from {{ ref('dim_figures') }}
    where figure_kind = 'forest'
),

blocks as (
    select
        figure_blocks.figure_id,
        figure_blocks.analysis_id,
        figure_blocks.block_label,
        figure_blocks.sort_order as block_order,
        figures.rows_by,
        analyses.claim_id,
        analyses.shown_as,
        analyses.no_effect
    from {{ ref('stg_protocol__figure_blocks') }} as figure_blocks
    inner join figures on figure_blocks.figure_id = figures.figure_id
    inner join {{ ref('dim_analyses') }} as analyses
        on figure_blocks.analysis_id = analyses.analysis_id
),

certainty as (
    {{ certainty_of_pools() }}
),

rated as (
    select
        ratings.meta_analysis_id,
        ratings.tool,
        bands.label
    from {{ ref('fct_quality_ratings') }} as ratings
    inner join {{ ref('dim_quality_bands') }} as bands
        on ratings.tool = bands.tool and ratings.rating = bands.rating
    where ratings.is_included
),

tools as (
    select tool
    from rated
    group by tool
    order by count(*) desc, tool
    limit 1
),

-- By the tool by which most are rated.
ratings as (
    select rated.*
    from rated
    inner join tools on rated.tool = tools.tool
),

-- Pools as they are shown.
pooled as (
    select
        found.* replace (
            {%- for value in ['estimate', 'ci_low', 'ci_high', 'pi_low', 'pi_high'] %}
            {{ shown_value('found.' ~ value, 'found.shown_as') }} as {{ value }}
            {{- "," if not loop.last }}
            {%- endfor %}
        )
    from {{ ref('fct_pooled_effects') }} as found

    union all by name

    select
        * exclude (estimate, pooled_rate, ci_low_rate, ci_high_rate, pi_low_rate, pi_high_rate),
        pooled_rate as estimate,
        ci_low_rate as ci_low,
        ci_high_rate as ci_high,
        pi_low_rate as pi_low,
        pi_high_rate as pi_high,
        {{ has_verdict('k') }} as has_verdict
    from {{ ref('fct_pooled_rates') }}
),

members as (
    select * from {{ ref('fct_analysis_members') }}
    where is_member and policy_id = 'recommended'
),

effects as (
    select * from {{ ref('dim_member_effects') }}
),

meta_analyses as (
    select * from {{ ref('dim_meta_analyses') }}
),

claims as (
    select * from {{ ref('stg_published__claims') }}
),

contrasts as (
    select
        contrasts.*,
        contrasts.p_value < 1 - policies.ci_level as is_significant
    from {{ ref('fct_subgroup_contrasts') }} as contrasts
    inner join {{ ref('dim_policies') }} as policies on contrasts.policy_id = policies.policy_id
    where contrasts.policy_id = 'recommended'
),

headers as (
    select
        blocks.*,
        1 as kind_order,
        'block_header' as row_kind,
        blocks.block_label as label,
        pooled.k,
        pooled.status,
        pooled.person_time_unit
    from blocks
    inner join pooled
        on blocks.analysis_id = pooled.analysis_id and pooled.policy_id = 'recommended'
),

studies as (
    select
        blocks.*,
        2 as kind_order,
        'study' as row_kind,
        coalesce(effects.trial, meta_analyses.citation_label)
        || coalesce(' (network, ' || effects.evidence || ' evidence)', '')
        || coalesce(
            ' (from ' || if(
                conversions.role = 'between_amounts', effects.measure_unit, scales.short_label
            ) || ')', ''
        ) as label,
        members.meta_analysis_id,
        members.effect_id,
        cast(coalesce(effects.trial_year, meta_analyses.year) as integer) as year,
        members.n_studies as n_trials,
        members.n_participants,
        members.person_time,
        {{ shown_value('members.yi', 'blocks.shown_as') }} as estimate,
        {{ shown_value('members.ci_low', 'blocks.shown_as') }} as ci_low,
        {{ shown_value('members.ci_high', 'blocks.shown_as') }} as ci_high,
        if(
            blocks.no_effect is null, null, {{ side('members.ci_low', 'members.ci_high') }}
        ) as side,
        if(members.weight < 1, 100 * members.weight, null) as weight_percent,
        members.vi,
        if(effects.trial is null, ratings.tool, 'risk_of_bias') as quality_tool,
        if(
            effects.trial is null,
            ratings.label,
            upper(left(effects.risk_of_bias, 1))
            || replace(substr(effects.risk_of_bias, 2), '_', ' ')
        ) as quality,
        effects.source_locator,
        len(effects.flag_list) > 0 or members.findings is not null as is_flagged,
        array_to_string(
            list_concat(
                list_transform(
                    effects.flag_list,
                    lambda flag: {{ flag_in_words('flag') }}
                ),
                string_split(members.findings, '; ')
            ),
            ', '
        ) as note
    from blocks
    inner join members on blocks.analysis_id = members.analysis_id
    inner join effects
        on
            members.source_sheet = effects.source_sheet
            and members.effect_id = effects.effect_id
    inner join meta_analyses on members.meta_analysis_id = meta_analyses.meta_analysis_id
    left join ratings on members.meta_analysis_id = ratings.meta_analysis_id
    left join {{ ref('stg_protocol__conversions') }} as conversions
        on members.conversion = conversions.conversion
    left join {{ ref('stg_protocol__scales') }} as scales on conversions.from_scale = scales.scale
),

-- What a network meta-analysis found stands below the pool that leaves it out.
networks as (
    select
        blocks.*,
        8 as kind_order,
        'network' as row_kind,
        meta_analyses.citation_label || ' (network, ' || effects.evidence || ' evidence)' as label,
        candidates.meta_analysis_id,
        candidates.effect_id,
        cast(meta_analyses.year as integer) as year,
        candidates.n_studies as n_trials,
        candidates.n_participants,
        candidates.person_time,
        {{ shown_value('candidates.yi', 'blocks.shown_as') }} as estimate,
        {{ shown_value('candidates.ci_low', 'blocks.shown_as') }} as ci_low,
        {{ shown_value('candidates.ci_high', 'blocks.shown_as') }} as ci_high,
        {{ side('candidates.ci_low', 'candidates.ci_high') }} as side,
        candidates.vi,
        ratings.tool as quality_tool,
        ratings.label as quality,
        effects.source_locator,
        false as is_flagged
    from blocks
    inner join {{ ref('fct_analysis_members') }} as candidates
        on blocks.analysis_id = candidates.analysis_id
    inner join effects
        on
            candidates.source_sheet = effects.source_sheet
            and candidates.effect_id = effects.effect_id
    inner join meta_analyses on candidates.meta_analysis_id = meta_analyses.meta_analysis_id
    left join ratings on candidates.meta_analysis_id = ratings.meta_analysis_id
    where
        candidates.policy_id = 'recommended'
        and candidates.exclusion_reason = {{ network_reason('effects.evidence') }}
),

summaries as (
    select
        blocks.*,
        if(pooled.policy_id = 'recommended', 3, 6) as kind_order,
        if(pooled.policy_id = 'recommended', 'pooled', 'pooled_seed') as row_kind,
        if(pooled.policy_id = 'recommended', 'Pooled, recommended', 'Pooled, conventional method')
            as label,
        pooled.policy_id,
        pooled.k,
        pooled.has_verdict,
        pooled.status,
        pooled.n_studies as n_trials,
        pooled.n_participants,
        pooled.person_time,
        pooled.estimate,
        pooled.ci_low,
        pooled.ci_high,
        pooled.side,
        if(pooled.policy_id = 'recommended', certainty.certainty, null) as certainty,
        if(pooled.policy_id = 'recommended', certainty.certainty_kind, null) as certainty_kind
    from blocks
    inner join pooled on blocks.analysis_id = pooled.analysis_id
    left join certainty on blocks.analysis_id = certainty.analysis_id
    where pooled.policy_id in ('recommended', 'seed_paper') and pooled.k > 1
),

predictions as (
    select
        blocks.*,
        4 as kind_order,
        'prediction' as row_kind,
        'Prediction interval' as label,
        pooled.policy_id,
        pooled.k,
        pooled.status,
        pooled.pi_low,
        pooled.pi_high
    from blocks
    inner join pooled on blocks.analysis_id = pooled.analysis_id
    where pooled.policy_id = 'recommended' and pooled.pi_low is not null
),

heterogeneity as (
    select
        blocks.*,
        5 as kind_order,
        'heterogeneity' as row_kind,
        'Heterogeneity' as label,
        pooled.policy_id,
        pooled.k,
        pooled.status,
        pooled.q,
        pooled.q_df,
        pooled.q_p,
        pooled.i2_q as i2_percent,
        pooled.tau2,
        pooled.statistic,
        pooled.df as statistic_df,
        pooled.p_value,
        pooled.k_with_n_studies as k_with_n_trials,
        if(
            pooled.person_time_unit is null, pooled.k_with_n_participants, pooled.k_with_person_time
        ) as k_with_size
    from blocks
    inner join pooled on blocks.analysis_id = pooled.analysis_id
    where pooled.policy_id = 'recommended' and pooled.k > 1
),

notes as (
    select
        blocks.*,
        6 as kind_order,
        'note' as row_kind,
        if(
            pooled.k = 1,
            'One ' || review.member_word || ': not pooled',
            'No ' || review.member_word || ' of this extraction can be pooled here'
        ) as label,
        pooled.k,
        pooled.status
    from blocks
    inner join pooled on blocks.analysis_id = pooled.analysis_id
    cross join {{ ref('dim_review') }} as review
    where pooled.policy_id = 'recommended' and pooled.k < 2
),

published as (
    select
        blocks.*,
        7 as kind_order,
        'published' as row_kind,
        'Published'
        || coalesce(': ' || coalesce(meta_analyses.citation_label, claims.source_ma), '') as label,
        cast(claims.k_meta_analyses as integer) as k,
        'ok' as status,
        claims.estimate,
        claims.ci_low,
        claims.ci_high,
        {{ side('claims.ci_low - blocks.no_effect', 'claims.ci_high - blocks.no_effect') }} as side,
        audit.conflicts is not null as is_flagged,
        {{ true_minus('audit.conflicts') }} as note
    from blocks
    inner join claims on blocks.claim_id = claims.claim_id
    left join meta_analyses on claims.source_ma = meta_analyses.meta_analysis_id
    left join {{ ref('fct_claim_audit') }} as audit
        on claims.claim_id = audit.subject_id and audit.subject_kind = 'claim'
),

differences as (
    select
        figures.figure_id,
        cast(null as varchar) as analysis_id,
        cast(null as varchar) as block_label,
        1000 as block_order,
        9 as kind_order,
        'difference' as row_kind,
        'Test between blocks: ' || replace(contrasts.groups_tested, 'k = ', 'k=') as label,
        contrasts.policy_id,
        contrasts.n_groups_tested as k,
        contrasts.status,
        contrasts.q_between as q,
        contrasts.df as q_df,
        contrasts.p_value as q_p,
        contrasts.is_significant,
        upper(left(contrasts.caution, 1)) || substr(contrasts.caution, 2) as note
    from figures
    inner join contrasts on figures.contrast_id = contrasts.contrast_id
    where contrasts.status = 'ok'
),

stacked as (
    select * from headers
    union all by name
    select * from studies
    union all by name
    select * from networks
    union all by name
    select * from summaries
    union all by name
    select * from predictions
    union all by name
    select * from heterogeneity
    union all by name
    select * from notes
    union all by name
    select * from published
    union all by name
    select * from differences
),

final as (
    select
        figure_id,
        cast(
            row_number() over (
                partition by figure_id
                order by
                    block_order, analysis_id, kind_order,
                    case rows_by
                        when 'effect' then estimate
                        when 'weight' then -weight_percent
                        when 'precision' then vi
                        when 'name' then null
                        else year
                    end,
                    if(rows_by = 'name', strip_accents(lower(label)), null),
                    label, year, effect_id
            ) as integer
        ) as row_order,
        analysis_id as block_id,
        block_label,
        row_kind,
        label,
        meta_analysis_id,
        effect_id,
        year,
        n_trials,
        n_participants,
        max(person_time_unit) over (partition by figure_id, analysis_id) as person_time_unit,
        person_time,
        estimate,
        ci_low,
        ci_high,
        side,
        has_verdict,
        weight_percent,
        pi_low,
        pi_high,
        k,
        q,
        q_df,
        q_p,
        is_significant,
        i2_percent,
        tau2,
        statistic,
        statistic_df,
        p_value,
        cast(k_with_n_trials as integer) as k_with_n_trials,
        cast(k_with_size as integer) as k_with_size,
        certainty,
        certainty_kind,
        quality,
        if(quality is null, null, quality_tool) as quality_tool,
        policy_id,
        status,
        row_kind = 'published' and coalesce(k = 1, false) as is_single_result,
        source_locator,
        coalesce(is_flagged, false) as is_flagged,
        nullif(note, '') as note
    from stacked
)

select final.* replace ({{ review_words('final.note') }} as note)
from final
cross join {{ ref('dim_review') }} as review
order by figure_id, row_order
