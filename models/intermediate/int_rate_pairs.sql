-- Grain: one row per contrast of two analyses of rates and pair of rates that one meta-analysis, or
-- the same row of a trial sheet, reports by one definition: the first is of the first group.
--
-- Nuance: a rate that gives no interval is in no pool, but stands in its pair; rates against other
-- comparators make a pair only where one of the two is against a mixture or not stated.
with

contrasts as (
    select
        *,
        count(*) over (partition by contrast_id) as n_groups,
        row_number() over (partition by contrast_id order by sort_order, analysis_id) as place
    from {{ ref('stg_protocol__contrasts') }}
),

analyses as (
    select * from {{ ref('int_analyses') }}
    where scale = 'logit'
),

rates as (
    select
        *,
        if(source_sheet = 'primary_studies', row_id, meta_analysis_id) as reported_in
    from {{ ref('int_rates') }}
    where is_reported and scale = 'logit'
),

entries as (
    select
        contrasts.contrast_id,
        contrasts.contrast_label,
        contrasts.count_id,
        contrasts.place,
        contrasts.analysis_id,
        contrasts.group_label,
        rates.*
    from contrasts
    inner join analyses on contrasts.analysis_id = analyses.analysis_id
    inner join rates
        on
            {{ analysis_filter('rates') }}
            and {{ is_of_arm('rates') }}
            and (analyses.unit = 'trial') = (rates.source_sheet = 'primary_studies')
    where contrasts.n_groups = 2
),

paired as (
    select
        earlier.contrast_id,
        earlier.contrast_label,
        earlier.count_id,
        earlier.analysis_id,
        later.analysis_id as reference_analysis_id,
        earlier.group_label,
        later.group_label as reference_group_label,
        earlier.source_sheet,
        later.cluster_id as unit_id,
        earlier.meta_analysis_id,
        earlier.condition,
        earlier.outcome,
        earlier.definition_class,
        {%- for prefix, side in [('', 'earlier'), ('reference_', 'later')] %}
        {%- for column in [
            'rate_id', 'definition', 'guidance', 'comparator', 'events', 'total', 'percent',
            'n_studies', 'flags',
        ] %}
        {{ side }}.{{ column }} as {{ prefix }}{{ column }},
        {%- endfor %}
        if({{ side }}.interval_kind = 'range', {{ side }}.percent_low, null)
            as {{ prefix }}range_low,
        if({{ side }}.interval_kind = 'range', {{ side }}.percent_high, null)
            as {{ prefix }}range_high,
        {%- endfor %}
        effect_from_counts(earlier.events, earlier.total, later.events, later.total, 'RR', {})
            as risk_ratio
    from entries as earlier
    inner join entries as later
        on
            earlier.contrast_id = later.contrast_id
            and earlier.place = 1
            and later.place = 2
            and earlier.source_sheet = later.source_sheet
            and earlier.reported_in = later.reported_in
            and earlier.rate_id != later.rate_id
            and earlier.condition = later.condition
            and earlier.outcome = later.outcome
            and earlier.definition_class is not distinct from later.definition_class
            and (
                earlier.comparator_class = later.comparator_class
                or earlier.comparator_class in ('mixed', 'unclear')
                or later.comparator_class in ('mixed', 'unclear')
            )
            -- Two arms of the same trials; guided and unguided arms are often of different ones.
            and (
                earlier.arm = later.arm
                or coalesce(earlier.n_studies = later.n_studies, true)
            )
),

final as (
    select
        * exclude (risk_ratio),
        percent - reference_percent as difference_points,
        100 * (percent / nullif(reference_percent, 0) - 1) as relative_change_percent,
        if(risk_ratio.status = 'ok', risk_ratio.yi, null) as yi_log_risk_ratio,
        if(risk_ratio.status = 'ok', risk_ratio.vi, null) as vi_log_risk_ratio
    from paired
)

select * from final
