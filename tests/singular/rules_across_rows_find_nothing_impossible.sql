-- What is impossible is barred from pooling before any rule compares rows.
select
    findings.rule,
    findings.row_id
from {{ ref('fct_findings') }} as findings
left join {{ ref('int_row_findings') }} as row_findings
    on
        findings.sheet = row_findings.sheet
        and findings.row_number = row_findings.row_number
        and findings.rule = row_findings.rule
where findings.severity = 'impossible' and row_findings.rule is null
