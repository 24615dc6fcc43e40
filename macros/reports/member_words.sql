{#- A text with the review's own words in place of [[member]] and [[members]]: what is pooled. -#}

{% macro member_words(text, review='review') -%}
    replace(
        replace({{ text }}, '[[members]]', {{ review }}.members_word),
        '[[member]]', {{ review }}.member_word
    )
{%- endmacro %}
