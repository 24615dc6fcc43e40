-- Grain: one row per analysis, member and field on which the readers differ undecided, where that
-- analysis uses the field: for the number, for its standard error, or as a filter.
with

differences as (
    select * from {{ ref('int_extraction_differences') }}
    where comparison = 'differs' and not is_adjudicated
),

members as (
    select
        analysis_id,
        source_sheet,
        effect_id
    from {{ ref('int_analysis_candidates') }}
    where
        (is_member or is_member_as_reported)
        and source_sheet in ('reported_effects', 'reported_rates')
),

analyses as (
    select * from {{ ref('stg_protocol__analyses') }}
),

se_sources as (
    select
        'reported_effects' as source_sheet,
        effect_id,
        se_source
    from {{ ref('int_effects') }}

    union all

    select
        source_sheet,
        rate_id as effect_id,
        se_source
    from {{ ref('int_rates') }}
    where source_sheet = 'reported_rates'
),

final as (
    select
        members.analysis_id,
        members.source_sheet,
        members.effect_id,
        differences.field,
        differences.role
    from members
    inner join differences
        on
            members.source_sheet = differences.sheet
            and members.effect_id = differences.row_id
    inner join analyses on members.analysis_id = analyses.analysis_id
    left join se_sources
        on
            members.source_sheet = se_sources.source_sheet
            and members.effect_id = se_sources.effect_id
    where
        case differences.role
            when 'estimate' then true
            when 'selection' then true
            when 'interval'
                then se_sources.se_source in ('confidence_interval', 'upper_limit', 'interval')
            when 'p_value' then se_sources.se_source in ('p_value', 'p_bound')
            when 'counts' then se_sources.se_source = 'counts'
            when 'filter'
                then
                    case differences.field
                        {%- for column in analysis_filters() %}
                        when '{{ column }}' then analyses.{{ column }} is not null
                        {%- endfor %}
                        -- A filter that this model does not know is never taken for harmless.
                        else true
                    end
            else false
        end
)

select * from final
