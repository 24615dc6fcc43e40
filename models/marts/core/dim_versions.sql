-- Grain: one row per part of the software that decides a number.
select
    'duckdb' as component,
    'Database' as role,
    version() as version
union all
select
    'dbt' as component,
    'Order of the models' as role,
    '{{ dbt_version }}' as version
union all
select
    'kernels' as component,
    'Hash of the source of every statistical function' as role,
    fingerprint as version
from {{ source('python_udfs', 'kernel_fingerprint') }}
