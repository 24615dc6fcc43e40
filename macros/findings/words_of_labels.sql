{#- Words by which texts speak of the codes of a vocabulary, without their endings: depression,
    depressive. -#}
{% macro words_of_labels(vocabulary, texts, shortest) -%}
    select distinct
        code,
        left(word, {{ greatest_of(['length(word) - 3', '5']) }}) as word
    from (
        select
            code,
            unnest(
                regexp_extract_all(
                    lower(concat_ws(' ', {{ texts | join(', ') }})), '[a-z]{{ '{' }}{{ shortest }},}'
                )
            ) as word
        from {{ ref('stg_vocabulary__' ~ vocabulary) }}
    )
{%- endmacro %}
