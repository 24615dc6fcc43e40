-- Grain: one row per headline analysis and source of its result: the published number, the
-- conventional method on this extraction, and the recommended policy.
with

headlines as (
    select
        analysis_id,
        condition as condition_id,
        condition_label,
        headline_label,
        scale,
        scale_label,
        scale_short_label,
        decimals,
        shown_as,
        no_effect,
        coalesce(shown_as = 'exp' and no_effect is not null, false) as is_log_scale,
        above_favours,
        above_text,
        below_text,
        side_verb,
        above_axis,
        below_axis,
        claim_id,
        sort_order
    from {{ ref('dim_analyses') }}
    where is_headline
),

claims as (
    select * from {{ ref('stg_published__claims') }}
),

audit as (
    select * from {{ ref('fct_claim_audit') }}
),

pooled as (
    select
        pooled.analysis_id,
        pooled.policy_id,
        pooled.k,
        {%- for value in ['estimate', 'ci_low', 'ci_high', 'pi_low', 'pi_high'] %}
        {{ display_scale('pooled.' ~ value, 'headlines.shown_as') }} as {{ value }},
        {%- endfor %}
        pooled.side,
        pooled.p_value,
        pooled.cohen_band,
        pooled.status
    from {{ ref('fct_pooled_effects') }} as pooled
    inner join headlines on pooled.analysis_id = headlines.analysis_id

    union all by name

    select
        analysis_id,
        policy_id,
        if(pooled_rate is null, k_reported, k) as k,
        pooled_rate as estimate,
        ci_low_rate as ci_low,
        ci_high_rate as ci_high,
        pi_low_rate as pi_low,
        pi_high_rate as pi_high,
        status
    from {{ ref('fct_pooled_rates') }}
),

published_rows as (
    select
        headlines.*,
        'published' as source,
        cast(claims.k_meta_analyses as integer) as k,
        claims.estimate,
        claims.ci_low,
        claims.ci_high,
        {{ side('claims.ci_low - headlines.no_effect', 'claims.ci_high - headlines.no_effect') }}
            as side,
        claims.p_value,
        claims.p_operator || claims.p_value_printed as p_printed,
        if(
            headlines.scale = 'smd',
            {{ band_of('abs(claims.estimate)', ref('stg_protocol__cohen_bands')) }},
            null
        ) as cohen_band,
        'ok' as status,
        {{ true_minus('audit.conflicts') }} as note
    from headlines
    inner join claims on headlines.claim_id = claims.claim_id
    left join audit
        on claims.claim_id = audit.subject_id and audit.subject_kind = 'claim'
),

recomputed_rows as (
    select
        headlines.*,
        pooled.policy_id as source,
        pooled.* exclude (analysis_id, policy_id),
        case pooled.status
            when 'single_study' then 'One ' || review.member_word || ': not pooled'
            when 'no_data'
                then 'No ' || review.member_word || ' of this extraction can be pooled here'
        end as note
    from headlines
    inner join pooled on headlines.analysis_id = pooled.analysis_id
    cross join {{ ref('dim_review') }} as review
    where pooled.policy_id in ('seed_paper', 'recommended')
),

stacked as (
    select * from published_rows
    union all by name
    select * from recomputed_rows
),

final as (
    select
        * exclude (scale, shown_as, no_effect, claim_id)
        replace (cast(sort_order as integer) as sort_order)
    from stacked
)

select * from final
order by sort_order, source
