{#- A row of fct_fragility as an ending of "with Weisel 2019 ...". -#}

{% macro decision_in_words(row, flag_words) -%}
    case
        when {{ row }}.change_kind = 'meta_analysis' then 'left out'
        when {{ row }}.changed_field = 'flags' and {{ row }}.is_left_out
            then 'left out for its flag (' || {{ flag_words }} || ')'
        when {{ row }}.changed_field = 'flags'
            then 'pooled in spite of its flag (' || {{ flag_words }} || ')'
        when {{ row }}.change_kind = 'correction'
            then
                'as it was before the ' || replace({{ row }}.changed_field, '_', ' ')
                || ' was corrected'
        when {{ row }}.changed_field = 'favourable_direction' and {{ row }}.value_in_force = 'unclear'
            then
                'pooled as if higher values meant '
                || if({{ row }}.alternative in ('positive', 'above_one'), 'better', 'worse')
                || if(
                    {{ row }}.reader is null, ', which is unclear',
                    ', as the ' || {{ row }}.reader || ' reader took it'
                )
        when {{ row }}.changed_field = 'favourable_direction' and {{ row }}.reader is not null
            then 'in the direction in which the ' || {{ row }}.reader || ' reader took it'
        when {{ row }}.reader is not null
            then
                'with the ' || replace({{ row }}.changed_field, '_', ' ') || ' of the '
                || {{ row }}.reader || ' reader ('
                || coalesce(replace({{ row }}.alternative, '_', ' '), 'empty') || ', not '
                || replace({{ row }}.value_in_force, '_', ' ') || ')'
        when {{ row }}.changed_field = 'favourable_direction' then 'in the other direction'
        when {{ row }}.changed_field = 'condition' then 'coded under another [[condition]]'
        when {{ row }}.alternative = 'overall' then 'taken as the main pool of its [[member]]'
        else 'not taken as the main pool of its [[member]]'
    end
{%- endmacro %}
