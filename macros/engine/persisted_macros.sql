{% macro create_persisted_macros() %}
    {% for entry in persisted_macros() if entry.formula %}
        create or replace macro {{ entry.name }}({{ entry.arguments }}) as {{ entry.formula }};
    {% endfor %}
{% endmacro %}


{% macro persisted_macros() %}
    {% set smd = 'standard deviations' %}
    {% set log_or = 'log odds ratio' %}
    {% set limits = 'estimate, ci_low, ci_high' %}
    {{ return([
        {
            'name': 'se_from_ci95', 'arguments': 'ci_low, ci_high',
            'formula': '(ci_high - ci_low) / (2 * ' ~ z_975() ~ ')', 'returns': 'DOUBLE',
            'unit': 'unit of the limits', 'source': 'Cochrane Handbook 6.5, 6.3.1',
            'same_as': 'se_from_ci(ci_low, ci_high, 0.95).se',
            'description': 'Standard error from a 95% interval: width / (2 z)',
        },
        {
            'name': 'ci_asymmetry', 'arguments': limits,
            'formula': 'case when ci_high > ci_low then '
            ~ 'abs((ci_high - estimate) - (estimate - ci_low)) / (ci_high - ci_low) end',
            'returns': 'DOUBLE', 'unit': 'fraction of the width', 'source': 'distance of the '
            ~ 'estimate from the middle of its interval, doubled, over the width',
            'same_as': "asymmetry_index(estimate, ci_low, ci_high, 'linear').asymmetry",
            'description': 'Asymmetry of an interval: 0 when the estimate is in its middle',
        },
        {
            'name': 'smd_from_log_odds_ratio', 'arguments': 'yi_log_or',
            'formula': 'yi_log_or * sqrt(3) / pi()', 'returns': 'DOUBLE', 'unit': smd,
            'source': 'Hasselblad & Hedges 1995; Chinn 2000',
            'same_as': "smd_from_log_odds(yi_log_or, 1, 'hasselblad_hedges').yi",
            'description': 'Standardised mean difference from a log odds ratio, logistic outcome',
        },
        {
            'name': 'smd_from_log_odds_ratio_cox', 'arguments': 'yi_log_or',
            'formula': 'yi_log_or / 1.65', 'returns': 'DOUBLE', 'unit': smd,
            'source': 'Cox & Snell 1989', 'same_as': "smd_from_log_odds(yi_log_or, 1, 'cox').yi",
            'description': 'Standardised mean difference from a log odds ratio, normal outcome',
        },
        {
            'name': 'log_odds_ratio_from_smd', 'arguments': 'yi_smd',
            'formula': 'yi_smd * pi() / sqrt(3)', 'returns': 'DOUBLE', 'unit': log_or,
            'source': 'Hasselblad & Hedges 1995; Chinn 2000',
            'same_as': "log_odds_from_smd(yi_smd, 1, 'hasselblad_hedges').yi",
            'description': 'Log odds ratio from a standardised mean difference',
        },
        {
            'name': 'proportion_from_logit', 'arguments': 'yi_logit',
            'formula': '1 / (1 + exp(-yi_logit))', 'returns': 'DOUBLE', 'unit': 'proportion 0-1',
            'source': 'inverse of logit_from_proportion',
            'description': 'Proportion from its log odds',
        },
        {
            'name': 'logit_from_proportion', 'arguments': 'proportion',
            'formula': 'ln(proportion / (1 - proportion))', 'returns': 'DOUBLE',
            'unit': 'log odds', 'source': 'ln(p / (1 - p))',
            'description': 'Log odds of a proportion strictly between 0 and 1',
        },
        {
            'name': 'display_ci', 'arguments': limits,
            'formula': "printf('%.2f (%.2f to %.2f)', estimate::double, ci_low::double, "
            ~ 'ci_high::double)', 'returns': 'VARCHAR',
            'unit': 'text', 'source': 'style of the BMJ',
            'description': 'Estimate and interval as text with two decimals',
        },
        {
            'name': 'cohen_band', 'arguments': 'smd', 'formula': none, 'returns': 'VARCHAR',
            'unit': 'code', 'source': 'the sheet cohen_bands (Cohen 1988)',
            'description': 'Band of the absolute standardised mean difference',
        },
    ]) }}
{% endmacro %}


{% macro create_cohen_band_macro() %}
    {{ run_statements_of(
        "select 'create or replace macro main.cohen_band(smd) as case' || string_agg("
        ~ "$$ when abs(smd) >= $$ || lower_bound || $$ then '$$ || replace(band, $$'$$, $$''$$) "
        ~ "|| $$'$$, '' order by lower_bound desc) || ' end' from " ~ this
    ) }}
{% endmacro %}


{% macro run_statements_of(query) %}
    {%- if flags.WHICH == 'compile' -%}
        {{ query }}
    {%- elif execute -%}
        {{ run_query(query).columns[0].values() | join(';') }}
    {%- endif -%}
{% endmacro %}


{% macro band_of(value, bands) -%}
    (
        select arg_max(bands.band, bands.lower_bound)
        from {{ bands }} as bands
        where bands.lower_bound <= {{ value }}
    )
{%- endmacro %}
