-- A sheet without which there is no review has at least one row that was not rejected.
{% set needed = [] %}
{% if execute %}
{% for sheet in sheet_names() if sheet_node(sheet).config.meta.needs_rows %}
{% do needed.append(sheet) %}
{% endfor %}
{% endif %}
select needed.sheet
from (select unnest({{ needed or ['none'] }}) as sheet) as needed
left join {{ ref('fct_row_dispositions') }} as dispositions
    on needed.sheet = dispositions.sheet and dispositions.disposition != 'rejected'
group by needed.sheet
having count(dispositions.row_number) = 0
