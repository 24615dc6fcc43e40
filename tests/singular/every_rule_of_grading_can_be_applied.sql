-- Each scheme has grades, and each domain ends in a rule that always holds: so every domain of
-- every result is decided.
select
    rules.scheme,
    rules.domain
from {{ ref('dim_grading_rules') }} as rules
group by rules.scheme, rules.domain
having arg_max(rules.criteria is null, rules.rule_order) is distinct from true
union all
select
    schemes.scheme,
    'no grades' as domain
from {{ ref('dim_grading_schemes') }} as schemes
anti join {{ ref('dim_grades') }} as grades on schemes.scheme = grades.scheme
