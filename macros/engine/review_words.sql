{#- A text with the review's own words in place of [[member]], [[conditions]] and so on: what is
    pooled, what it is about, and the two sides. A capital, [[Member]], begins a sentence. -#}

{% macro review_words(text, review='review') -%}
    {%- set filled = namespace(text=text) -%}
    {%- for name in [
        'studied', 'comparison', 'member', 'members', 'condition', 'conditions', 'study', 'studies',
    ] -%}
        {%- set word = review ~ '.' ~ name ~ '_word' -%}
        {%- set filled.text = "replace(replace(" ~ filled.text ~ ", '[[" ~ name ~ "]]', " ~ word
            ~ "), '[[" ~ (name | capitalize) ~ "]]', " ~ in_sentence_case(word) ~ ')' -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}
