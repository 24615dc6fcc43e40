{% macro prior_fault_ctes() %}
wide_prior_items as (
    {{ wide_cells('prior_items', [], ['shown_at']) }}
),

wide_prior_answers as (
    {{ wide_cells('prior_answers', [], ['answered_in', 'place']) }}
),

prior_faults as (
    select
        'prior_items' as sheet,
        row_number,
        'shown_at' as column_name,
        shown_at as value,
        'not a list of addresses on the site' as reason,
        'such as overlap.html, methods.html#section-policies or data/dim_meta_analyses.csv, '
        || 'separated by semicolons' as expected,
        'reject' as severity
    from wide_prior_items
    where
        not list_bool_and(
            list_transform(
                string_split(shown_at, ';'),
                lambda part: regexp_full_match(
                    trim(part), '[A-Za-z0-9_-]+\.html(#[^\s#]+)?|data/[A-Za-z0-9_]+\.csv'
                )
            )
        )

    union all

    select
        'prior_answers' as sheet,
        row_number,
        'place' as column_name,
        place as value,
        if(place is null, 'an answer without its place', 'a place without an answer') as reason,
        if(
            place is null,
            'section, table or figure, or not_done in answered_in',
            'an empty cell where answered_in is ' || answered_in || '; remarks stand in note'
        ) as expected,
        'reject' as severity
    from wide_prior_answers
    where
        (answered_in in ('published_review', 'elsewhere') and place is null)
        or (answered_in in ('not_applicable', 'not_done') and place is not null)
)
{% endmacro %}
