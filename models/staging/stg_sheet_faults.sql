-- Grain: one row per fault found in a sheet. Severity 'reject' takes the row out of every table;
-- 'not_poolable' keeps the row and bars it from pooling.
with recursive

rules as (
    select * from {{ ref('stg_sheet_columns') }}
),

codes as (
    select
        sheet as vocabulary,
        value as code
    from {{ ref('stg_sheet_cells') }}
    where column_name = 'code'
),

code_lists as (
    select
        vocabulary,
        string_agg(code, ', ' order by code) as code_list,
        list(code) as known_codes
    from codes
    group by vocabulary
),

-- Not materialised: a sheet has millions of cells, and each check reads few of them.
cells as not materialized (
    select
        cells.*,
        rules.* exclude (sheet, column_name, description),
        try_cast(cells.value as double) as number_value
    from {{ ref('stg_sheet_cells') }} as cells
    inner join rules
        on cells.sheet = rules.sheet and cells.column_name = rules.column_name
),

row_ids as (
    select
        sheet,
        row_number,
        string_agg(coalesce(value, '?'), ' / ' order by column_order) as row_id,
        string_agg(column_name, ', ' order by column_order) as key_columns
    from cells
    where is_key
    group by sheet, row_number
),

missing_values as (
    select
        sheet,
        row_number,
        column_name,
        typed as value,
        'required value is missing' as reason,
        coalesce('one of: ' || array_to_string(allowed, ', '), 'a value') as expected
    from cells
    where is_required and value is null
),

-- What the reading of the sheets found wrong, and so did not read.
misreadings as (
    select
        sheet,
        row_number,
        column_name,
        typed as value,
        problem as reason,
        expected
    from {{ ref('stg_sheet_readings') }}
    where problem is not null
),

unparsable_values as (
    select
        sheet,
        row_number,
        column_name,
        typed as value,
        'not a number' as reason,
        'a number with a point as decimal mark, or an empty cell' as expected
    from cells
    where
        data_type in ('double', 'bigint')
        and value is not null
        and (
            number_value is null
            or not isfinite(number_value)
            -- DuckDB's casts also take 1_000.
            or not regexp_full_match(value, '[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?')
        )
        and (sheet, row_number, column_name) not in (
            select (sheet, row_number, column_name) from misreadings
        )
),

values_out_of_range as (
    select
        sheet,
        row_number,
        column_name,
        typed as value,
        case
            when data_type = 'bigint' and number_value != floor(number_value)
                then 'not a whole number'
            else 'outside the possible range'
        end as reason,
        case
            when kind = 'percent' then 'a percentage from 0 to 100'
            when kind = 'probability'
                then
                    'a fraction from 0 to 1'
                    || if(
                        number_value > 1 and number_value <= 100,
                        format(': {} % is {}', typed, printf('%g', number_value / 100)),
                        ''
                    )
            else
                if(data_type = 'bigint', 'a whole number', 'a number')
                || coalesce(' of at least ' || printf('%g', minimum), '')
                || coalesce(' and at most ' || printf('%g', maximum), '')
                || if(abs(number_value) > 2147483647, ' and at most 2147483647', '')
        end as expected
    from cells
    where
        isfinite(number_value)
        and (
            (data_type = 'bigint' and number_value != floor(number_value))
            or (kind = 'percent' and number_value not between 0 and 100)
            or (kind = 'probability' and number_value not between 0 and 1)
            or number_value < minimum
            or number_value > maximum
            or (data_type = 'bigint' and abs(number_value) > 2147483647)
        )
        and data_type in ('double', 'bigint')
),

-- Several codes in one cell: what the cells hold, once each.
unknown_code_lists as (
    select
        listed.vocabulary,
        listed.value
    from (
        select distinct
            vocabulary,
            value
        from cells
        where kind = 'codes' and value is not null
    ) as listed
    inner join code_lists on listed.vocabulary = code_lists.vocabulary
    where not list_has_all(code_lists.known_codes, {{ codes_in('listed.value') }})
),

-- Materialised before what could be meant is looked for: no other cell is given the list of codes.
cells_with_unknown_codes as materialized (
    select *
    from cells
    where
        value is not null
        and (
            (
                kind = 'codes'
                and (vocabulary, value) in (select (vocabulary, value) from unknown_code_lists)
            )
            or (
                kind = 'code'
                and not (
                    (
                        vocabulary is not null
                        and (vocabulary, value) in (select (vocabulary, code) from codes)
                    )
                    or coalesce(list_contains(allowed, value), false)
                )
            )
        )
),

unknown_codes as (
    select
        cells.sheet,
        cells.row_number,
        cells.column_name,
        cells.typed as value,
        'unknown code' as reason,
        coalesce(
            if(
                cells.kind = 'code',
                'did you mean '
                || {{ nearest('cells.value', 'coalesce(code_lists.known_codes, cells.allowed)') }}
                || '? ',
                null
            ),
            ''
        )
        || if(cells.kind = 'codes', 'codes separated by semicolons, from: ', 'one of: ')
        || coalesce(code_lists.code_list, array_to_string(cells.allowed, ', ')) as expected
    from cells_with_unknown_codes as cells
    left join code_lists on cells.vocabulary = code_lists.vocabulary
),

unknown_flags as (
    select
        sheet,
        row_number,
        column_name,
        value,
        'unknown flag' as reason,
        'flags separated by semicolons, from: ' || array_to_string(allowed, ', ') as expected
    from cells
    where
        kind = 'flags'
        and not list_has_all(
            allowed, list_transform(string_split(value, ';'), lambda flag: trim(flag))
        )
),

malformed_dates as (
    select
        sheet,
        row_number,
        column_name,
        typed as value,
        'not a date' as reason,
        'a year, year-month or year-month-day such as 2021-06' as expected
    from cells
    where
        kind = 'partial_date'
        and not regexp_full_match(value, '\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?')
),

repeats as (
    select
        sheet,
        row_number,
        key_columns as column_name,
        row_id as value,
        'repeats the key of row '
        || min(row_number) over (partition by sheet, row_id) as reason,
        'a key that occurs once' as expected,
        row_number > min(row_number) over (partition by sheet, row_id) as is_repeat
    from row_ids
),

repeated_roles as (
    select
        sheet,
        row_number,
        column_name,
        value,
        'another row has this role' as reason,
        'one row for each role' as expected
    from cells
    where
        (folder = 'vocabulary' or sheet = 'grading_schemes')
        and column_name = 'role'
        and value is not null
    qualify row_number() over (partition by sheet, value order by row_number) > 1
),

keys as (
    select
        sheet || '.' || column_name as key_column,
        value as key
    from cells
    where is_key and value is not null
),

key_lists as (
    select
        key_column,
        list(key order by key) as known_keys
    from keys
    group by key_column
),

-- Materialised for the same reason as the unknown codes: a sheet has thousands of keys.
cells_without_parents as materialized (
    select *
    from cells
    where
        reference_to is not null
        and value is not null
        and (reference_to, value) not in (select (key_column, key) from keys)
),

missing_parents as (
    select
        cells.sheet,
        cells.row_number,
        cells.column_name,
        cells.value,
        'unknown reference' as reason,
        coalesce(
            'did you mean ' || {{ nearest('cells.value', 'key_lists.known_keys') }} || '? ', ''
        )
        || 'a value of ' || cells.reference_to as expected
    from cells_without_parents as cells
    left join key_lists on cells.reference_to = key_lists.key_column
),

{{ cross_column_faults() }},

cell_faults as (
    select * from missing_values
    union all
    select * from misreadings
    union all
    select * from unparsable_values
    union all
    select * from values_out_of_range
    union all
    select * from unknown_codes
    union all
    select * from unknown_flags
    union all
    select * from malformed_dates
    union all
    select * exclude (is_repeat)
    from repeats
    where is_repeat
    union all
    select * from repeated_roles
    union all
    select * from missing_parents
),

own_faults as (
    select
        *,
        'reject' as severity
    from cell_faults
    union all
    select * from cross_column_faults
),

-- What a cell refers to: a row of another sheet by its key, or one or more codes.
links as (
    select
        sheet,
        row_number,
        column_name,
        value,
        unnest(list_filter(
            [split_part(reference_to, '.', 1), vocabulary], lambda name: name is not null
        )) as parent_sheet,
        if(kind = 'codes', {{ codes_in('value') }}, [value]) as parent_ids
    from cells
    where value is not null and coalesce(reference_to, vocabulary) is not null
),

single_links as (
    select
        * exclude (parent_ids),
        unnest(parent_ids) as parent_id
    from links
),

-- A row that refers to a rejected row is rejected too, and so on down.
orphans as (
    select distinct
        sheet,
        row_number,
        cast(null as varchar) as column_name,
        cast(null as varchar) as value,
        cast(null as varchar) as reason
    from own_faults
    where severity = 'reject'

    union

    select
        child.sheet,
        child.row_number,
        child.column_name,
        child.value,
        'refers to row ' || orphans.row_number || ' of ' || orphans.sheet
        || ', which is rejected' as reason
    from orphans
    inner join repeats
        on
            orphans.sheet = repeats.sheet
            and orphans.row_number = repeats.row_number
            and not repeats.is_repeat
    inner join single_links as child
        on
            orphans.sheet = child.parent_sheet
            and repeats.value = child.parent_id
),

faults as (
    select * from own_faults
    union all
    select distinct
        sheet,
        row_number,
        column_name,
        value,
        reason,
        'a valid row to refer to' as expected,
        'reject' as severity
    from orphans
    where reason is not null
),

final as (
    select
        faults.sheet,
        faults.row_number,
        row_ids.row_id,
        faults.column_name,
        case
            when length(faults.value) > 80 then left(faults.value, 77) || '...'
            else faults.value
        end as value,
        faults.reason,
        faults.expected,
        faults.severity
    from faults
    left join row_ids
        on faults.sheet = row_ids.sheet and faults.row_number = row_ids.row_number
)

select * from final
