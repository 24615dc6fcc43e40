-- Grain: one row per finding of arithmetic in the extracted cells: a row of a sheet and a rule. A
-- rule that the catalogue does not hold finds nothing.
with

findings as (
    select * from {{ ref('int_findings__ratio_counts') }}
    union all
    select * from {{ ref('int_findings__printed_intervals') }}
),

rules as (
    select * from {{ ref('stg_protocol__finding_rules') }}
),

-- Rows that an analysis may take, whether or not its selection rule does.
touched as (
    select
        source_sheet as sheet,
        effect_id as row_id,
        string_agg(distinct analysis_id, ', ' order by analysis_id) as analyses
    from {{ ref('int_candidate_rows') }}
    where is_admissible
    group by source_sheet, effect_id
),

final as (
    select
        concat_ws(
            ':', findings.sheet, findings.row_number, findings.rule,
            split_part(findings.columns, ',', 1)
        ) as finding_id,
        findings.sheet,
        findings.row_number,
        findings.row_id,
        findings.columns as column_names,
        findings.rule,
        rules.label as rule_label,
        rules.severity,
        findings.printed,
        findings.implied_low,
        findings.implied_high,
        findings.why,
        findings.candidate,
        touched.analyses
    from findings
    inner join rules on findings.rule = rules.rule
    left join touched
        on findings.sheet = touched.sheet and findings.row_id = touched.row_id
)

select * from final
order by
    case severity when 'impossible' then 1 when 'implausible' then 2 else 3 end,
    sheet, row_number, rule
