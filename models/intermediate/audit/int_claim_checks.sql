-- Grain: one row per checked statement and rule. is_possible: whether any unrounded values give
-- the print; obstacle: why that cannot be said.
{%- set families = [
    'intervals', 'words', 'comparisons', 'counts', 'overall_ranges', 'sums',
] %}
with

{% for family in families -%}
{{ family }} as (
    select * from {{ ref('int_claim_checks__' ~ family) }}
),

{% endfor -%}

final as (
    {%- for family in families %}
    select * from {{ family }}
    {{ "union all by name" if not loop.last }}
    {%- endfor %}
)

select * from final
