-- Grain: one row per field of a sheet that two extractors read.
with

agreement as (
    select * from {{ ref('fct_extraction_agreement') }}
    where source_kind = 'all' and matched_set = 'found' and n_pairs > 0
),

fields as (
    select
        *,
        row_number() over (order by sheet, field) as alphabetical
    from {{ ref('stg_protocol__agreement_fields') }}
),

final as (
    select
        agreement.agreement_id,
        agreement.sheet,
        agreement.field,
        agreement.kind,
        agreement.role,
        cast(fields.alphabetical as integer) as sort_order,
        agreement.n_pairs,
        agreement.n_agreed,
        agreement.percent_agreement,
        agreement.percent_agreement_ci_low as percent_low,
        agreement.percent_agreement_ci_high as percent_high,
        agreement.kappa,
        agreement.kappa_ci_low as kappa_low,
        agreement.kappa_ci_high as kappa_high,
        agreement.kappa_status,
        agreement.ac1,
        agreement.ac1_ci_low as ac1_low,
        agreement.ac1_ci_high as ac1_high,
        agreement.ac1_status,
        agreement.icc_a1 as icc,
        agreement.icc_a1_ci_low as icc_low,
        agreement.icc_a1_ci_high as icc_high,
        agreement.icc_status
    from agreement
    inner join fields
        on agreement.sheet = fields.sheet and agreement.field = fields.field
)

select * from final
