-- Grain: one row per cell of each sheet, trimmed. The row number is the one a spreadsheet shows.
{% for sheet in sheet_names() %}
select
    '{{ sheet }}' as sheet,
    row_number,
    column_name,
    {{ clean_text('value') }} as value
from (
    select
        *,
        rowid + 2 as row_number
    from {{ ref(sheet) }}
)
unpivot include nulls (value for column_name in (columns(* exclude (row_number))))
{{ "union all" if not loop.last }}
{% endfor %}
