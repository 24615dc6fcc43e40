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
        domain
    from {{ ref('stg_protocol__grading_rules') }}
),

sizes as (
    select
        scheme,
        count(*) as n_domains
    from domains
    group by scheme
),

moved as (
    select
        scheme,
        criterion,
        applies_to,
        try_cast(trim(unnest(string_split(sensitivity_grid, ';'))) as double) as new_threshold
    from criteria
    where sensitivity_grid is not null
),

dropped_criteria as (
    select distinct
        criteria.scheme,
        criteria.criterion
    from criteria
    inner join sizes on criteria.scheme = sizes.scheme
    where sizes.n_domains = 1
),

final as (
    select
        scheme,
        'declared' as variant_id,
        'declared' as variation,
        cast(null as varchar) as criterion,
        cast(null as varchar) as applies_to,
        cast(null as double) as new_threshold,
        cast(null as varchar) as dropped_domain
    from schemes

    union all by name

    select
        *,
        'threshold:' || criterion || ':' || applies_to || ':' || new_threshold as variant_id,
        'threshold_moved' as variation
    from moved

    union all by name

    select
        *,
        'criterion:' || criterion as variant_id,
        'criterion_dropped' as variation
    from dropped_criteria

    union all by name

    select
        domains.scheme,
        'domain:' || domains.domain as variant_id,
        'domain_dropped' as variation,
        domains.domain as dropped_domain
    from domains
    inner join sizes on domains.scheme = sizes.scheme
    where sizes.n_domains > 1
)

select * from final
