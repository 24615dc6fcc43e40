-- Grain: one row per field, kind of source (and all) and set of matched rows, with the pairs that
-- both readers filled in as lists ordered by row, and the coefficients. The only caller of the
-- agreement kernels for the extraction.
with

fields as (
    select * from {{ ref('stg_protocol__agreement_fields') }}
),

differences as (
    select * from {{ ref('int_extraction_differences') }}
),

matched_sets as (
    select
        'found' as matched_set,
        ['y'] as founds
    union all
    select
        'found_or_resolved' as matched_set,
        ['y', 'resolved'] as founds
),

source_kinds as (
    select 'all' as source_kind
    union
    select source_kind from differences
),

groups as (
    select
        fields.sheet,
        fields.field,
        fields.kind,
        fields.role,
        fields.row_number as field_order,
        source_kinds.source_kind,
        matched_sets.matched_set,
        matched_sets.founds
    from fields
    cross join source_kinds
    cross join matched_sets
),

pairs as (
    select
        groups.sheet,
        groups.field,
        groups.kind,
        groups.role,
        groups.field_order,
        groups.source_kind,
        groups.matched_set,
        differences.row_id,
        differences.first_code,
        differences.second_code,
        differences.first_number,
        differences.second_number,
        differences.comparison,
        differences.comparison in ('equal', 'within_tolerance', 'differs') as is_pair
    from groups
    left join differences
        on
            groups.sheet = differences.sheet
            and groups.field = differences.field
            and groups.source_kind in ('all', differences.source_kind)
            and list_contains(groups.founds, differences.found)
),

gathered as (
    select
        sheet,
        field,
        kind,
        role,
        field_order,
        source_kind,
        matched_set,
        count(row_id) as n_rows,
        count_if(is_pair) as n_pairs,
        count_if(comparison = 'equal') as n_equal,
        count_if(comparison in ('equal', 'within_tolerance')) as n_agreed,
        count_if(comparison in ('only_first_has_it', 'only_second_has_it')) as n_one_sided,
        list(first_code order by row_id) filter (is_pair) as first_codes,
        list(second_code order by row_id) filter (is_pair) as second_codes,
        list(first_number order by row_id) filter (is_pair) as first_numbers,
        list(second_number order by row_id) filter (is_pair) as second_numbers
    from pairs
    group by all
),

final as (
    select
        * exclude (first_codes, second_codes, first_numbers, second_numbers),
        proportion_ci_wilson(n_agreed, n_pairs, 0.95) as agreement,
        if(kind = 'code', cohens_kappa(first_codes, second_codes), null) as kappa,
        if(kind = 'code', gwet_ac1(first_codes, second_codes), null) as ac1,
        if(kind = 'number', icc(first_numbers, second_numbers), null) as icc
    from gathered
)

select * from final
