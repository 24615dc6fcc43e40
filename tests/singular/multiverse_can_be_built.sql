-- Stops the multiverse before its first step where it would have more specifications than the
-- variable most_specifications allows.
with

options as (
    select
        choice,
        count(*) as n
    from {{ ref('stg_protocol__multiverse_choices') }}
    group by choice
),

size as (
    select
        count(*) as analyses,
        (select product(n) from options) as specifications_of_each
    from {{ ref('stg_protocol__analyses') }}
)

select
    'fct_multiverse' as step,
    analyses,
    cast(specifications_of_each as bigint) as specifications_of_each,
    cast(analyses * specifications_of_each as bigint) as specifications,
    {{ var('most_specifications') }} as most_specifications,
    'fewer options in multiverse_choices, or fewer analyses' as remedy
from size
where analyses * specifications_of_each > {{ var('most_specifications') }}
