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
        effects.condition != coalesce(analyses.condition, effects.condition)
        or effects.comparator_class != coalesce(analyses.comparator_class, effects.comparator_class)
        or effects.guidance != coalesce(analyses.guidance, effects.guidance)
        or effects.therapy != coalesce(analyses.therapy, effects.therapy)
        or effects.analysis_set != coalesce(analyses.analysis_set, effects.analysis_set)
        or effects.severity is distinct from coalesce(analyses.severity, effects.severity)
        or effects.subtype is distinct from coalesce(analyses.subtype, effects.subtype)
        or effects.timepoint != 'post'
        or effects.restriction is not null
        or not effects.is_included
        or (analyses.required_scope = 'overall' and effects.scope != 'overall')
    )
