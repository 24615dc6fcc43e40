{#-
  Closed formulas stored in the database file as DuckDB macros, so that any client has them without
  Python. What needs a quantile or a loop is a kernel (macros/udf) instead.
-#}
{% macro create_persisted_macros() %}
    {% set definitions %}
    create or replace macro se_from_ci95(ci_low, ci_high) as
        (ci_high - ci_low) / (2 * {{ z_975() }});

    create or replace macro ci_asymmetry(estimate, ci_low, ci_high) as
        case
            when ci_high > ci_low
                then abs((ci_high - estimate) - (estimate - ci_low)) / (ci_high - ci_low)
        end;

    create or replace macro smd_from_log_odds_ratio(yi_log_or) as yi_log_or * sqrt(3) / pi();

    create or replace macro smd_from_log_odds_ratio_cox(yi_log_or) as yi_log_or / 1.65;

    create or replace macro log_odds_ratio_from_smd(yi_smd) as yi_smd * pi() / sqrt(3);

    create or replace macro proportion_from_logit(yi_logit) as 1 / (1 + exp(-yi_logit));

    create or replace macro logit_from_proportion(proportion) as ln(proportion / (1 - proportion));

    create or replace macro display_ci(estimate, ci_low, ci_high) as
        printf('%.2f (%.2f to %.2f)', estimate, ci_low, ci_high);
    {% endset %}
    {% if execute %}{% do run_query(definitions) %}{% endif %}
{% endmacro %}


{#- cohen_band(smd) as the bands sheet defines it; run after the bands are staged. -#}
{% macro create_cohen_band_macro() %}
    {% set query = 'select band, lower_bound from ' ~ this ~ ' order by lower_bound desc' %}
    {% set bands = run_query(query).rows if execute else [] %}
    create or replace macro main.cohen_band(smd) as case
    {%- for band, lower_bound in bands %}
        when abs(smd) >= {{ lower_bound }} then {{ sql_text(band) }}
    {%- endfor %}
    end
{% endmacro %}


{#- The band of a value, from a bands model (band, lower_bound). -#}
{% macro band_of(value, bands) -%}
    (
        select arg_max(bands.band, bands.lower_bound)
        from {{ bands }} as bands
        where bands.lower_bound <= {{ value }}
    )
{%- endmacro %}
