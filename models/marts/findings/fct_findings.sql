-- Grain: one row per finding in the extracted cells.
with

found as (
    select * from {{ ref('int_findings_of_rules') }}
),

acknowledgements as (
    select * from {{ ref('stg_extraction__acknowledgements') }}
),

-- An acknowledgement is of what it has seen: it lapses when a cell changes.
lapsed as (
    select
        'acknowledgements' as sheet,
        acknowledgements.row_number,
        acknowledgements.row_id,
        rules.rule,
        'value_seen' as columns,
        acknowledgements.rule || ': ' || acknowledgements.value_seen as printed,
        cast(null as double) as implied_low,
        cast(null as double) as implied_high,
        'no finding of this rule in this row has these numbers' as why,
        string_agg(
            'the rule now finds ' || found.printed, '; or ' order by found.printed
        ) as candidate,
        rules.label as rule_label,
        rules.severity,
        false as is_marked
    from acknowledgements
    inner join {{ ref('stg_protocol__finding_rules') }} as rules
        on rules.rule = 'acknowledgement_without_finding'
    left join found
        on
            acknowledgements.sheet = found.sheet
            and acknowledgements.row_id = found.row_id
            and acknowledgements.rule = found.rule
    group by all
    having
        not coalesce(
            bool_or({{ spelled('found.printed') }} = {{ spelled('acknowledgements.value_seen') }}),
            false
        )
),

findings as (
    select * from found
    union all by name
    select * from lapsed
),

accepted as (
    select distinct on (sheet, row_id, rule, printed)
        *,
        {{ spelled('value_seen') }} as printed
    from acknowledgements
    order by row_number
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
            replace(findings.columns, ', ', '+'), findings.printed
        ) as finding_id,
        findings.sheet,
        findings.sheet = 'second_extraction' as is_second_reading,
        findings.row_number,
        findings.row_id,
        findings.columns as column_names,
        findings.rule,
        findings.rule_label,
        findings.severity,
        findings.is_marked,
        findings.printed,
        findings.implied_low,
        findings.implied_high,
        findings.why,
        findings.candidate,
        touched.analyses,
        accepted.accepted_by,
        accepted.accepted_on,
        accepted.reason as accepted_why,
        -- Nothing waits for a decision about an impossible row, which is in no pool, nor about a
        -- second reading, which is only compared.
        findings.severity = 'implausible'
        and not is_second_reading
        and accepted.rule is null as stops_publication
    from findings
    left join touched
        on findings.sheet = touched.sheet and findings.row_id = touched.row_id
    left join accepted
        on
            findings.sheet = accepted.sheet
            and findings.row_id = accepted.row_id
            and findings.rule = accepted.rule
            and {{ spelled('findings.printed') }} = accepted.printed
)

select * from final
order by
    case severity when 'impossible' then 1 when 'implausible' then 2 else 3 end,
    sheet, row_number, rule
