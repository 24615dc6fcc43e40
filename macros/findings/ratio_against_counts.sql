{% macro ratio_of_counts(measure, events_1, total_1, events_2, total_2) -%}
    case
        when
            {{ events_1 }} > 0 and {{ events_1 }} < {{ total_1 }}
            and {{ events_2 }} > 0 and {{ events_2 }} < {{ total_2 }}
            then
                if(
                    {{ measure }} = 'odds ratio',
                    ({{ events_1 }} / ({{ total_1 }} - {{ events_1 }}))
                    / ({{ events_2 }} / ({{ total_2 }} - {{ events_2 }})),
                    ({{ events_1 }} / {{ total_1 }}) / ({{ events_2 }} / {{ total_2 }})
                )
    end
{%- endmacro %}


{% macro typed_ratio(ratio) -%}
    if(is_log, ln({{ ratio }}), {{ ratio }})
{%- endmacro %}


{#- Each slip: its words, the columns it names, and the ratio that it gives. The nearest first. -#}
{% macro ratio_slips() %}
    {%- set events_1, total_1 = 'events_intervention', 'total_intervention' -%}
    {%- set events_2, total_2 = 'events_control', 'total_control' -%}
    {%- set arms = [events_1, total_1, events_2, total_2] -%}
    {%- set all = arms | join(', ') -%}
    {%- set own = ratio_of_counts('ratio_kind', *arms) -%}
    {{ return([
        ("'the ratio is turned round, or the columns of the two arms are swapped'",
         'estimate, ' ~ all,
         typed_ratio(ratio_of_counts('ratio_kind', events_2, total_2, events_1, total_1))),
        ("'this is the ' || other_kind || ' of the counts, typed as ' || ratio_kind",
         'measure, estimate',
         typed_ratio(ratio_of_counts('other_kind', *arms))),
        ("'this is the ' || other_kind || ' of the counts turned round, typed as ' || ratio_kind",
         'measure, estimate',
         typed_ratio(ratio_of_counts('other_kind', events_2, total_2, events_1, total_1))),
        ("if(is_log, 'the ratio is typed where its logarithm belongs', "
         ~ "'the logarithm is typed where the ratio belongs')",
         'measure, estimate',
         'if(is_log, ' ~ own ~ ', ln(' ~ own ~ '))'),
        ("'a digit slip: the point is one place too far right'",
         'estimate', '10 * ' ~ typed_ratio(own)),
        ("'a digit slip: the point is one place too far left'",
         'estimate', '0.1 * ' ~ typed_ratio(own)),
        ("'events and participants of the studied arm are swapped'",
         events_1 ~ ', ' ~ total_1,
         typed_ratio(ratio_of_counts('ratio_kind', total_1, events_1, events_2, total_2))),
        ("'events and participants of the comparison arm are swapped'",
         events_2 ~ ', ' ~ total_2,
         typed_ratio(ratio_of_counts('ratio_kind', events_1, total_1, total_2, events_2))),
        ("'events and participants of both arms are swapped'",
         all,
         typed_ratio(ratio_of_counts('ratio_kind', total_1, events_1, total_2, events_2))),
        ("'the events of the two arms are swapped'",
         events_1 ~ ', ' ~ events_2,
         typed_ratio(ratio_of_counts('ratio_kind', events_2, total_1, events_1, total_2))),
        ("'the participants of the two arms are swapped'",
         total_1 ~ ', ' ~ total_2,
         typed_ratio(ratio_of_counts('ratio_kind', events_1, total_2, events_2, total_1))),
        ("'the columns stand in the order events, events, participants, participants'",
         all,
         typed_ratio(ratio_of_counts('ratio_kind', events_1, events_2, total_1, total_2))),
        ("'participants without the event are typed as participants'",
         total_1 ~ ', ' ~ total_2,
         typed_ratio(ratio_of_counts(
             'ratio_kind', events_1, '(' ~ events_1 ~ ' + ' ~ total_1 ~ ')',
             events_2, '(' ~ events_2 ~ ' + ' ~ total_2 ~ ')'
         ))),
    ]) }}
{% endmacro %}
