-- Grain: one row per scheme and variant of its rules: as declared, one threshold moved over its
-- grid, one criterion dropped (schemes with one domain), or one domain dropped.
with

schemes as (
    select * from {{ ref('stg_protocol__grading_schemes') }}
),

criteria as (
    select * from {{ ref('stg_protocol__grading_criteria') }}
),

domains as (
    select distinct
        scheme,
        domain,
        count(distinct domain) over (partition by scheme) as n_domains
    from (select distinct scheme, domain from {{ ref('stg_protocol__grading_rules') }})
),

moved as (
    select
        scheme,
        criterion,
        applies_to,
        threshold,
        try_cast(trim(unnest(string_split(sensitivity_grid, ';'))) as double) as new_threshold
    from criteria
    where sensitivity_grid is not null
),

variants as (
    select
        'declared' as variant_id,
        scheme,
        'declared' as variation,
        cast(null as varchar) as criterion,
        cast(null as varchar) as applies_to,
        cast(null as double) as new_threshold,
        cast(null as varchar) as dropped_domain
    from schemes

    union all

    select
        'threshold:' || scheme || ':' || criterion || ':' || applies_to || ':' || new_threshold,
        scheme,
        'threshold_moved',
        criterion,
        applies_to,
        new_threshold,
        cast(null as varchar)
    from moved

    union all

    select distinct
        'criterion:' || criteria.scheme || ':' || criteria.criterion,
        criteria.scheme,
        'criterion_dropped',
        criteria.criterion,
        cast(null as varchar),
        cast(null as double),
        cast(null as varchar)
    from criteria
    inner join (select distinct scheme, n_domains from domains) as counted
        on criteria.scheme = counted.scheme and counted.n_domains = 1

    union all

    select
        'domain:' || scheme || ':' || domain,
        scheme,
        'domain_dropped',
        cast(null as varchar),
        cast(null as varchar),
        cast(null as double),
        domain
    from domains
    where n_domains > 1
)

select * from variants
