-- A member's own code equals every filter that its analysis sets.
select members.member_id
from {{ ref('fct_analysis_members') }} as members
inner join {{ ref('dim_analyses') }} as analyses
    on members.analysis_id = analyses.analysis_id
inner join {{ ref('fct_effects') }} as effects
    on members.effect_id = effects.effect_id and members.source_sheet = 'reported_effects'
where
    members.is_member
    and (
        effects.timepoint != coalesce(analyses.timepoint, 'post')
        {%- for column in analysis_filters('effects') %}
        or effects.{{ column }} is distinct from coalesce(analyses.{{ column }}, effects.{{ column }})
        {%- endfor %}
        or effects.restriction is not null
        or not effects.is_included
        or (analyses.required_scope = 'overall' and effects.scope != 'overall')
    )
