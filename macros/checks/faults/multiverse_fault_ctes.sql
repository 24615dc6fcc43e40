{% macro multiverse_fault_ctes() %}
{%- set options = {
    'exclusion': ['none', 'flagged', 'not_full_text', 'low_amstar'],
    'one_effect_rule': ['main_pool', 'most_studies', 'most_precise'],
    'or_to_smd_rule': ['hasselblad_hedges', 'cox'],
    'converted_effects': ['pooled', 'left_out'],
    'overlap_handling': ['none', 'shared_trials', 'shared_trials_or_default'],
    'tau2_method': ['REML', 'DL', 'PM', 'CE', 'ML', 'EB', 'HE', 'HS', 'HSk', 'SJ', 'PMM'],
    'ci_method': ['z', 't', 'HK', 'HK_adhoc'],
} -%}
wide_choices as (
    {{ wide_cells('multiverse_choices', ['default_correlation'], ['choice', 'option']) }}
),

wide_rules as (
    {{ wide_cells('selection_rules', [], ['selection_rule', 'takes']) }}
),

multiverse_faults as (
    select
        'multiverse_choices' as sheet,
        row_number,
        'option' as column_name,
        option as value,
        'not a selection rule that takes all or the first' as reason,
        'a row of selection_rules with takes = all or first' as expected,
        'reject' as severity
    from wide_choices
    where
        choice = 'selection_rule'
        and option not in (
            select selection_rule
            from wide_rules
            where takes in ('all', 'first') and selection_rule is not null
        )
    {%- for choice, valid in options.items() %}

    union all

    select
        'multiverse_choices' as sheet,
        row_number,
        'option' as column_name,
        option as value,
        'not an option of {{ choice }}' as reason,
        '{{ valid | join(', ') }}' as expected,
        'reject' as severity
    from wide_choices
    where choice = '{{ choice }}' and option not in ('{{ valid | join("', '") }}')
    {%- endfor %}

    union all

    {{ default_correlation_faults('multiverse_choices', 'wide_choices', 'option') }}
)
{%- endmacro %}
