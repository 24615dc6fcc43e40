-- The list that the checks run over names every seed of the project, and nothing else.
{% set declared = sheet_names() %}
{% set seeds = [] %}
{% if execute %}
{% for node in graph.nodes.values() if node.resource_type == 'seed' %}
{% do seeds.append(node.name) %}
{% endfor %}
{% endif %}
-- depends_on: {{ ref('stg_sheet_columns') }}
select sheet
from (
    select unnest({{ declared }}) as sheet
    except
    select unnest({{ seeds or ['none'] }}) as sheet
)
union all
select sheet
from (
    select unnest({{ seeds or ['none'] }}) as sheet
    except
    select unnest({{ declared }}) as sheet
)
