{#- Numbers of a result that rules compare: the cells that hold them, part by part. A row of a sheet
    has several parts, such as the result itself and its prediction interval. -#}

{% macro result_numbers() %}
    {{ return({
        'rounded': [
            'estimate', 'ci_low', 'ci_high', 'se', 'p_value', 'i2', 'tau2', 'q', 'pi_low',
            'pi_high', 'egger_p', 'excess_significance_p', 'n_significant_expected', 'ci_level',
        ],
        'whole': [
            'n_comparisons', 'n_total', 'n_intervention', 'n_control', 'n_cases', 'n_significant',
            'total_intervention', 'total_control',
        ],
    }) }}
{% endmacro %}


{% macro result_words() %}
    {{ return([
        'p_operator', 'i2_operator', 'n_cases_operator', 'egger_p_operator', 'small_study_effects',
        'excess_significance', 'verdict', 'favourable_direction', 'notes', 'outcome',
        'measure_unit',
    ]) }}
{% endmacro %}


{#- By part: its sheet, key and measure, and the columns that stand for others than their own. -#}
{% macro result_parts() %}
    {%- set numbers = result_numbers() -%}
    {%- set all = numbers['rounded'] + numbers['whole'] + result_words() -%}
    {%- set second = [
        'estimate', 'ci_low', 'ci_high', 'ci_level', 'p_operator', 'p_value', 'n_comparisons',
        'n_total', 'i2', 'favourable_direction', 'notes',
    ] -%}
    {%- set main = {} -%}
    {%- for name in all if name != 'verdict' -%}
        {%- do main.update({name: name}) -%}
    {%- endfor -%}
    {%- set again = {} -%}
    {%- for name in second -%}
        {%- do again.update({name: name}) -%}
    {%- endfor -%}
    {{ return([
        {'part': 'result', 'sheet': 'reported_effects', 'key': 'effect_id', 'cells': main},
        {'part': 'prediction', 'sheet': 'reported_effects', 'key': 'effect_id', 'cells': {
            'estimate': 'estimate', 'ci_low': 'pi_low', 'ci_high': 'pi_high',
            'verdict': 'pi_excludes_null',
        }},
        {'part': 'largest', 'sheet': 'reported_effects', 'key': 'effect_id', 'cells': {
            'estimate': 'largest_estimate', 'ci_low': 'largest_ci_low',
            'ci_high': 'largest_ci_high', 'verdict': 'largest_significant',
        }},
        {'part': 'second', 'sheet': 'second_extraction', 'key': 'effect_id', 'cells': again},
        {'part': 'trial', 'sheet': 'primary_studies', 'key': 'comparison_id', 'cells': {
            'estimate': 'estimate', 'ci_low': 'ci_low', 'ci_high': 'ci_high', 'se': 'estimate_se',
            'p_value': 'p_value', 'ci_level': 'ci_level', 'n_intervention': 'n_intervention',
            'n_control': 'n_control', 'n_total': 'n_total', 'n_cases': 'n_cases',
            'favourable_direction': 'favourable_direction', 'notes': 'notes', 'outcome': 'outcome',
        }},
        {'part': 'trial_smd', 'sheet': 'primary_studies', 'key': 'comparison_id', 'cells': {
            'estimate': 'reported_g', 'se': 'reported_se', 'n_intervention': 'n_intervention',
            'n_control': 'n_control', 'n_total': 'n_total',
            'favourable_direction': 'favourable_direction', 'notes': 'notes', 'outcome': 'outcome',
        }},
    ]) }}
{% endmacro %}


{#- The cells of a part that have another name there, as two lists: the names, the cells. -#}
{% macro renamed_cells(cells) -%}
    {%- set names, own = [], [] -%}
    {%- for name, cell in cells.items() if name != cell -%}
        {%- do names.append("'" ~ name ~ "'") -%}
        {%- do own.append("'" ~ cell ~ "'") -%}
    {%- endfor -%}
    cast([{{ names | join(', ') }}] as varchar[]), cast([{{ own | join(', ') }}] as varchar[])
{%- endmacro %}


{#- Rows of a part: its numbers in force, each with the text that is printed. -#}
{% macro printed_part(part) -%}
    {%- set numbers = result_numbers()['rounded'] + result_numbers()['whole'] -%}
    {%- set relations = {
        'reported_effects': ('int_adjudicated_effects', 'typed_effects'),
        'second_extraction': ('stg_extraction__second_extraction', 'typed_second'),
        'primary_studies': ('stg_extraction__primary_studies', 'typed_trials'),
    } -%}
    {%- set is_first_reading = part.sheet == 'reported_effects' -%}
    {%- set adjudicated = adjudicated_fields() | map('first') | list -%}
    select
        '{{ part.sheet }}' as sheet,
        '{{ part.part }}' as part,
        valid.row_number,
        valid.{{ part.key }} as row_id,
        {{ "'hedges_g' as measure" if part.part == 'trial_smd' else 'valid.measure' }}
        {%- for name in result_words() %},
        {{ 'valid.' ~ part.cells[name] if name in part.cells else 'cast(null as varchar)' }}
            as {{ name }}
        {%- endfor %}
        {%- for name in numbers %}
        {%- set cell = part.cells.get(name) %}
        {%- if cell %}
        {%- set text = clean_text(cell, 'typed.') %},
        cast(valid.{{ cell }} as double) as {{ name }},
        {{ 'coalesce(decisions.' ~ cell ~ ', ' ~ text ~ ')'
            if is_first_reading and cell in adjudicated else text }} as {{ name }}_printed
        {%- else %},
        cast(null as double) as {{ name }},
        cast(null as varchar) as {{ name }}_printed
        {%- endif %}
        {%- endfor %}
    from {{ ref(relations[part.sheet][0]) }} as valid
    inner join {{ relations[part.sheet][1] }} as typed on valid.row_number = typed.row_number
    {{ 'left join decisions on valid.effect_id = decisions.effect_id' if is_first_reading }}
{%- endmacro %}


{#- The columns of a finding by the names of the cells that were typed. -#}
{% macro typed_columns() -%}
    array_to_string(
            list_transform(
                columns,
                lambda name: coalesce(
                    case part
                        {%- for part in result_parts() %}
                        when '{{ part.part }}' then map({{ renamed_cells(part.cells) }})[name]
                        {%- endfor %}
                    end,
                    name
                )
            ),
            ', '
        )
{%- endmacro %}
