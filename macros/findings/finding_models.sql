{#- Models of findings, each with the columns of finding_columns. Rules within a row must read no
    effect, rate or pool: what they find impossible is barred there. Rules across rows may read
    them, and so find nothing impossible. -#}

{% macro row_finding_models() %}
    {{ return([
        'int_findings__ratio_counts', 'int_findings__results', 'int_findings__rates',
        'int_findings__trials',
    ]) }}
{% endmacro %}


{% macro across_finding_models() %}
    {{ return([
        'int_findings__across_outliers', 'int_findings__across_sets', 'int_findings__across_sides',
        'int_findings__across_readers', 'int_findings__across_copies',
        'int_findings__across_parts', 'int_findings__across_codes', 'int_findings__across_texts',
        'int_findings__flow_sums', 'int_findings__across_digits', 'int_findings__across_places',
        'int_findings__across_arms', 'int_findings__across_dates',
        'int_findings__across_members', 'int_findings__across_pools',
        'int_findings__across_words', 'int_findings__across_totals',
        'int_findings__across_fills', 'int_findings__across_events',
        'int_findings__person_time', 'int_findings__amounts',
    ]) }}
{% endmacro %}


{% macro finding_columns() %}
    {{ return([
        'sheet', 'row_number', 'row_id', 'rule', 'columns', 'printed', 'implied_low',
        'implied_high', 'why', 'candidate',
    ]) }}
{% endmacro %}
