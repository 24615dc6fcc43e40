-- Each valid claim, word, comparison and sum is checked at least once; a count may have nothing to
-- be set against. Returns the statements without a check.
{%- set statements = [
    ('claim', 'stg_published__claims', 'claim_id'),
    ('word', 'stg_published__words', 'word_id'),
    ('comparison', 'stg_published__comparisons', 'comparison_id'),
    ('sum', 'stg_published__parts', 'sum_id'),
] %}
with

{% for kind, model, key in statements -%}
{{ kind }}_statements as (
    select distinct
        '{{ kind }}' as subject_kind,
        {{ key }} as subject_id
    from {{ ref(model) }}
),

{% endfor -%}

statements as (
    {%- for kind, _, _ in statements %}
    select * from {{ kind }}_statements
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select statements.*
from statements
anti join {{ ref('fct_claim_checks') }} using (subject_kind, subject_id)
