-- Grain: one row per field, kind of source (and all) and set of matched rows.
with

agreement as (
    select * from {{ ref('int_extraction_agreement') }}
),

final as (
    select
        sheet || ':' || field || ':' || source_kind || ':' || matched_set as agreement_id,
        sheet,
        field,
        kind,
        role,
        source_kind,
        matched_set,
        cast(n_rows as integer) as n_rows,
        cast(n_pairs as integer) as n_pairs,
        cast(n_one_sided as integer) as n_one_sided,
        cast(n_equal as integer) as n_equal,
        cast(n_agreed as integer) as n_agreed,
        case
            when n_rows = 0 then 'no row was read twice'
            when n_pairs = 0 then 'no row in which both readers have a value'
            else 'ok'
        end as status,
        100 * n_equal / nullif(n_pairs, 0) as percent_equal,
        100 * n_agreed / nullif(n_pairs, 0) as percent_agreement,
        100 * agreement.ci_low as percent_agreement_ci_low,
        100 * agreement.ci_high as percent_agreement_ci_high,
        if(kind = 'code', kappa.status, 'numbers have an ICC instead') as kappa_status,
        kappa.estimate as kappa,
        kappa.ci_low as kappa_ci_low,
        kappa.ci_high as kappa_ci_high,
        if(kind = 'code', ac1.status, 'numbers have an ICC instead') as ac1_status,
        ac1.estimate as ac1,
        ac1.ci_low as ac1_ci_low,
        ac1.ci_high as ac1_ci_high,
        if(kind = 'number', icc.status, 'codes have kappa and AC1 instead') as icc_status,
        icc.estimate as icc_a1,
        icc.ci_low as icc_a1_ci_low,
        icc.ci_high as icc_a1_ci_high
    from agreement
    order by field_order, source_kind != 'all', source_kind, matched_set
)

select * from final
