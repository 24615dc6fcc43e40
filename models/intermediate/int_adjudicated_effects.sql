-- Grain: one row per valid reported effect, with adjudicated values in place of the first
-- extractor's. adjudicated_fields names what was replaced, and from what.
{% set fields = adjudicated_fields() %}
with

effects as (
    select * from {{ ref('stg_extraction__reported_effects') }}
),

decisions as (
    select
        effect_id,
        {%- for field, type in fields %}
        cast(max(adjudicated_value) filter (field = '{{ field }}') as {{ type }}) as {{ field }},
        {%- endfor %}
        list(
            field || ': ' || coalesce(first_value, 'empty') || ' -> ' || adjudicated_value
            order by field
        ) as adjudicated_fields
    from {{ ref('stg_extraction__adjudications') }}
    group by effect_id
),

final as (
    select
        effects.* replace (
            {%- for field, _ in fields %}
            coalesce(decisions.{{ field }}, effects.{{ field }}) as {{ field }}
            {{- "," if not loop.last }}
            {%- endfor %}
        ),
        coalesce(decisions.adjudicated_fields, cast([] as varchar[])) as adjudicated_fields
    from effects
    left join decisions using (effect_id)
)

select * from final
