{% macro codes_in(cell) -%}
    list_transform(string_split({{ cell }}, ';'), lambda code: trim(code))
{%- endmacro %}


{% macro comparator_class_of(cell, comparators) -%}
    (
        select
            if(
                count(distinct known.comparator_class) = 1,
                max(known.comparator_class),
                if(count(*) > 1, 'mixed', null)
            )
        from {{ comparators }} as known
        where list_contains({{ codes_in(cell) }}, known.code)
    )
{%- endmacro %}


{% macro network_reason(evidence) -%}
    'network meta-analysis, ' || {{ evidence }} || ' evidence: the analysis pools pairwise results'
{%- endmacro %}
