-- Rows in = used + kept + rejected, counted against the raw sheets themselves.
with

rows_in as (
    {% for sheet in sheet_names() %}
    select
        '{{ sheet }}' as sheet,
        count(*) as n_in
    from {{ ref(sheet) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

rows_out as (
    select
        sheet,
        count(*) filter (disposition = 'used') as n_used,
        count(*) filter (disposition = 'kept') as n_kept,
        count(*) filter (disposition = 'rejected') as n_rejected
    from {{ ref('fct_row_dispositions') }}
    group by sheet
)

select *
from rows_in
left join rows_out using (sheet)
where n_in > 0 and n_in is distinct from n_used + n_kept + n_rejected
