-- Grain: one row per figure of meta-regressions and moderator: the slope, and what it says.
with

texts as (
    select
        'year' as moderator,
        'Year of publication' as axis_label,
        'with each later year' as per_text,
        'the year of publication' as moderator_text,
        false as is_log2
    union all
    select
        'studies' as moderator,
        'Number of [[studies]], log scale' as axis_label,
        'with twice as many [[studies]]' as per_text,
        'the number of [[studies]]' as moderator_text,
        true as is_log2
    union all
    select
        'participants' as moderator,
        'Participants, log scale' as axis_label,
        'with twice as many participants' as per_text,
        'the number of participants' as moderator_text,
        true as is_log2
),

final as (
    select
        figures.figure_id,
        fits.moderator_order as row_order,
        fits.analysis_id,
        pooled.analysis_label,
        fits.policy_id,
        fits.moderator,
        {{ review_words('texts.axis_label') }} as axis_label,
        {{ review_words('texts.per_text') }} as per_text,
        {{ review_words('texts.moderator_text') }} as moderator_text,
        texts.is_log2,
        fits.k,
        pooled.k as k_of_all,
        {%- for value in ['slope', 'slope_ci_low', 'slope_ci_high'] %}
        if(analyses.shown_as = 'exp', exp(fits.{{ value }}), fits.{{ value }}) as {{ value }},
        {%- endfor %}
        -- A step of Fisher's z is no fixed step of the correlation, as one of a log is a factor.
        if(analyses.shown_as = 'tanh', 'Fisher''s z', null) as slope_of,
        fits.p_value,
        fits.r2 as r2_percent,
        fits.tau2,
        case
            when fits.p_value >= round(1 - policies.ci_level, 6) then 'none'
            when fits.slope > 0 then 'rising'
            when fits.slope < 0 then 'falling'
        end as trend
    from {{ ref('dim_figures') }} as figures
    inner join {{ ref('stg_protocol__figure_blocks') }} as blocks
        on figures.figure_id = blocks.figure_id
    inner join {{ ref('fct_meta_regressions') }} as fits on blocks.analysis_id = fits.analysis_id
    inner join {{ ref('dim_analyses') }} as analyses on fits.analysis_id = analyses.analysis_id
    inner join {{ ref('dim_policies') }} as policies on fits.policy_id = policies.policy_id
    inner join {{ ref('fct_pooled_effects') }} as pooled
        on
            fits.analysis_id = pooled.analysis_id
            and fits.policy_id = pooled.policy_id
    inner join texts on fits.moderator = texts.moderator
    cross join {{ ref('dim_review') }} as review
    where figures.figure_kind = 'bubble' and fits.status in ('ok', 'tau2_outside_interval')
)

select * from final
order by figure_id, row_order
