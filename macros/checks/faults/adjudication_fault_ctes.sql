{% macro adjudication_fault_ctes() %}
-- The adjudicated value must be one that the disputed column itself would accept.
adjudicated_values as (
    select
        wide_adjudications.row_number,
        wide_adjudications.field,
        wide_adjudications.adjudicated_value as value,
        rules.data_type,
        rules.kind,
        rules.minimum,
        rules.maximum,
        rules.vocabulary,
        if(
            wide_adjudications.field = 'comparator_class',
            (
                select classes.allowed from rules as classes
                where classes.sheet = 'comparators' and classes.column_name = 'comparator_class'
            ),
            rules.allowed
        ) as allowed,
        try_cast(wide_adjudications.adjudicated_value as double) as number_value
    from wide_adjudications
    left join rules
        on rules.sheet = 'reported_effects' and wide_adjudications.field = rules.column_name
    where wide_adjudications.adjudicated_value is not null
),

adjudication_faults as (
    select
        'adjudications' as sheet,
        row_number,
        'adjudicated_value' as column_name,
        value,
        'not a value that ' || field || ' accepts' as reason,
        coalesce(
            'one of: ' || array_to_string(allowed, ', '),
            'a code of ' || vocabulary,
            'a number in its range'
        ) as expected,
        'reject' as severity
    from adjudicated_values
    where
        (data_type in ('double', 'bigint') and coalesce(not isfinite(number_value), true))
        or (data_type = 'bigint' and number_value != floor(number_value))
        or (data_type = 'bigint' and abs(number_value) > 2147483647)
        or number_value < minimum
        or number_value > maximum
        or (kind = 'percent' and number_value not between 0 and 100)
        or (kind = 'probability' and number_value not between 0 and 1)
        or (allowed is not null and not list_contains(allowed, value))
        or (
            vocabulary is not null
            and not list_has_all(
                (
                    select known.known_codes from code_lists as known
                    where known.vocabulary = adjudicated_values.vocabulary
                ),
                if(kind = 'codes', {{ codes_in('value') }}, [value])
            )
        )
),

adjudicated_class_faults as (
    select
        'adjudications' as sheet,
        class_rows.row_number,
        'adjudicated_value' as column_name,
        class_rows.adjudicated_value as value,
        'comparator class decided otherwise than the comparator code in force gives' as reason,
        'a further row with field comparator and a code of class '
        || class_rows.adjudicated_value as expected,
        'reject' as severity
    from wide_adjudications as class_rows
    left join wide_adjudications as code_rows
        on class_rows.effect_id = code_rows.effect_id and code_rows.field = 'comparator'
    inner join (
        {{ wide_cells('reported_effects', [], ['effect_id', 'comparator']) }}
    ) as effects on class_rows.effect_id = effects.effect_id
    where
        class_rows.field = 'comparator_class'
        and class_rows.adjudicated_value != {{ comparator_class_of(
            'coalesce(code_rows.adjudicated_value, effects.comparator)',
            '(' ~ wide_cells('comparators', [], ['code', 'comparator_class']) ~ ')',
        ) }}
)
{%- endmacro %}
