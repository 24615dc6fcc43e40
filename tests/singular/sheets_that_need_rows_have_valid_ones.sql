-- A sheet without which there is no review has at least one row that was not rejected, or a sheet
-- that may stand in for it has.
{% set needed = [] %}
{% if execute %}
{% for sheet in sheet_names() if sheet_node(sheet).config.meta.needs_rows %}
{% do needed.append(sql_list([sheet] + sheet_node(sheet).config.meta.get('or_rows_in', []))) %}
{% endfor %}
{% endif %}
select needed.sheets
from (select unnest([{{ needed | join(', ') or "['none']" }}]) as sheets) as needed
left join {{ ref('fct_row_dispositions') }} as dispositions
    on list_contains(needed.sheets, dispositions.sheet) and dispositions.disposition != 'rejected'
group by needed.sheets
having count(dispositions.row_number) = 0
