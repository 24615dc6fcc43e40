-- Grain: one row per pooled analysis of two or more meta-analyses and policy that the charts show:
-- what the rounding of the printed numbers leaves open about its result.
with

pooled as (
    select * from {{ ref('int_pooled_effects') }}
),

ranges as (
    select * from {{ ref('int_rounding_ranges') }}
),

judged as (
    select
        pooled.analysis_id,
        pooled.policy_id,
        pooled.k,
        ranges.* exclude (analysis_id, policy_id),
        (ranges.ci_low_min <= 0 and ranges.ci_low_max > 0)
        or (ranges.ci_high_min < 0 and ranges.ci_high_max >= 0) as is_side_open,
        {{ greatest_of(['abs(ranges.estimate_min)', 'abs(ranges.estimate_max)']) }} as size_max,
        if(
            ranges.estimate_min < 0 and ranges.estimate_max > 0,
            0,
            {{ least_of(['abs(ranges.estimate_min)', 'abs(ranges.estimate_max)']) }}
        ) as size_min,
        pooled.scale
    from ranges
    inner join pooled
        on ranges.analysis_id = pooled.analysis_id and ranges.policy_id = pooled.policy_id
),

banded as (
    select
        *,
        {{ band_of('size_min', ref('stg_protocol__cohen_bands')) }} as band_min,
        {{ band_of('size_max', ref('stg_protocol__cohen_bands')) }} as band_max
    from judged
)

select
    * exclude (size_min, size_max, scale, band_min, band_max),
    scale = 'smd' and (band_min is distinct from band_max) as is_band_open
from banded
order by analysis_id, policy_id
