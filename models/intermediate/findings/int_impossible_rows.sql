-- Grain: one row per row of a sheet that a rule finds impossible: it is in no pool.
select
    sheet,
    row_number,
    list(
        'impossible: ' || rule_label || ' (' || printed || ')'
        order by rule_label, printed
    ) as reasons
from {{ ref('int_row_findings') }}
where severity = 'impossible'
group by sheet, row_number
