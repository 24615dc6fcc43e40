-- Grain: one row per reported effect and single decision about its row that could have gone
-- otherwise: the effect on the analysis scale as it would be then, like int_effects.
{% set fields = adjudicated_fields() + [
    ('condition', 'varchar'), ('scope', 'varchar'), ('restriction', 'varchar'),
    ('flags', 'varchar'),
] %}
with

rows_in_force as (
    select
        effects.*,
        if(
            measures.is_plain_ratio,
            ['above_one', 'below_one'],
            ['positive', 'negative']
        ) as directions,
        list_filter(
            list_transform(string_split(effects.flags, ';'), lambda flag: trim(flag)),
            lambda flag: flag != ''
        ) as flag_list,
        {{ barring_flags('effects.flags') }} as barring_flags
    from {{ ref('int_adjudicated_effects') }} as effects
    left join {{ ref('int_measures') }} as measures
        on effects.measure = measures.measure
),

corrections as (
    select * from {{ ref('stg_extraction__corrections') }}
    where
        sheet = 'reported_effects'
        and old_value is distinct from new_value
        and column_name in (
            {%- for field, _ in fields %}
            '{{ field }}'{{ "," if not loop.last }}
            {%- endfor %}
        )
),

-- A code of a comparator was decided to go with its class.
adjudications as (
    select * from {{ ref('stg_extraction__adjudications') }}
    where
        field != 'comparator'
        or effect_id not in (
            select effect_id from {{ ref('stg_extraction__adjudications') }}
            where field = 'comparator_class'
        )
),

readers as (
    select
        effect_id,
        field,
        'first' as reader,
        adjudicated_value as value_in_force,
        first_value as alternative
    from adjudications

    union all

    select
        effect_id,
        field,
        'second' as reader,
        adjudicated_value as value_in_force,
        second_value as alternative
    from adjudications
    where second_value is not null and second_value is distinct from first_value
),

flags as (
    select
        effect_id,
        barring_flags,
        flags as all_flags,
        unnest(flag_list) as flag,
        flag_list
    from rows_in_force
),

changes as (
    select
        'adjudication' as change_kind,
        effect_id,
        field,
        reader,
        value_in_force,
        alternative,
        false as is_left_out
    from readers
    where alternative is distinct from value_in_force

    union all

    select
        'correction' as change_kind,
        row_id as effect_id,
        column_name as field,
        null as reader,
        new_value as value_in_force,
        old_value as alternative,
        false as is_left_out
    from corrections

    union all

    select
        'flag' as change_kind,
        effect_id,
        'flags' as field,
        null as reader,
        flag as value_in_force,
        if(
            list_contains(barring_flags, 'flag: ' || flag),
            nullif(array_to_string(list_filter(flag_list, lambda other: other != flag), ';'), ''),
            all_flags
        ) as alternative,
        not list_contains(barring_flags, 'flag: ' || flag) as is_left_out
    from flags

    union all

    select
        'coding' as change_kind,
        effect_id,
        'favourable_direction' as field,
        null as reader,
        favourable_direction as value_in_force,
        unnest(list_filter(directions, lambda direction: direction != favourable_direction))
            as alternative,
        false as is_left_out
    from rows_in_force

    union all

    select
        'coding' as change_kind,
        effect_id,
        'scope' as field,
        null as reader,
        scope as value_in_force,
        if(scope = 'overall', 'subgroup', 'overall') as alternative,
        false as is_left_out
    from rows_in_force

    union all

    select
        'coding' as change_kind,
        effect_id,
        'condition' as field,
        null as reader,
        condition as value_in_force,
        null as alternative,
        false as is_left_out
    from rows_in_force
),

-- What readers or a correction disputed is told as theirs, not as a coding again.
distinct_changes as (
    select *
    from changes
    qualify
        row_number() over (
            partition by
                effect_id, field, if(field = 'flags', value_in_force, null), alternative
            order by
                change_kind = 'adjudication' desc, change_kind = 'correction' desc, reader
        ) = 1
),

changed_rows as (
    select
        rows_in_force.* exclude (directions, flag_list, barring_flags) replace (
            {%- for field, type in fields %}
            if(
                changes.field = '{{ field }}',
                try_cast(changes.alternative as {{ type }}),
                rows_in_force.{{ field }}
            ) as {{ field }}
            {{- "," if not loop.last }}
            {%- endfor %}
        ),
        concat_ws(
            ':', changes.effect_id, changes.change_kind, changes.field, changes.reader,
            if(changes.field = 'flags', changes.value_in_force, changes.alternative)
        ) as change_id,
        changes.change_kind,
        changes.field as changed_field,
        changes.reader,
        changes.value_in_force,
        changes.alternative,
        changes.is_left_out
    from distinct_changes as changes
    inner join rows_in_force on changes.effect_id = rows_in_force.effect_id
),

{{ converted_effects(
    'changed_rows',
    [
        'change_id', 'change_kind', 'changed_field', 'reader', 'value_in_force', 'alternative',
        'is_left_out',
    ],
) }}

-- What the check of the sheet would bar stays out.
select
    change_id,
    change_kind,
    changed_field,
    reader,
    value_in_force,
    alternative,
    is_left_out
    or coalesce(ci_low > ci_high or estimate not between ci_low and ci_high, false)
        as is_left_out,
    effect_id,
    meta_analysis_id,
    {%- for column in analysis_filters('effects') if column != 'comparator_class' %}
    {{ column }},
    {%- endfor %}
    if(changed_field = 'comparator_class', alternative, comparator_class) as comparator_class,
    evidence,
    restriction,
    scope,
    n_comparisons,
    n_total,
    measure_family,
    measure_unit,
    own_scale,
    yi_smd,
    vi_smd,
    yi_smd_cox,
    vi_smd_cox,
    ci_low_smd,
    ci_high_smd,
    ci_low_smd_cox,
    ci_high_smd_cox,
    yi_own_scale,
    vi_own_scale,
    ci_low_own_scale,
    ci_high_own_scale,
    not_poolable_reasons,
    is_poolable
from final
