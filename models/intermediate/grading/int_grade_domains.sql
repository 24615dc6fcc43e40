-- Grain: one row per graded result, scheme, variant of the scheme and domain: the points of the
-- first rule that holds. The only place that applies the rules of grading.
with

variants as (
    select * from {{ ref('int_grading_variants') }}
),

inputs as (
    select * from {{ ref('int_grading_values') }}
),

rules as (
    select * from {{ ref('stg_protocol__grading_rules') }}
),

varied_criteria as (
    select
        variants.variant_id,
        criteria.* exclude (threshold),
        if(
            variants.criterion = criteria.criterion and variants.applies_to = criteria.applies_to,
            variants.new_threshold,
            criteria.threshold
        ) as threshold,
        variants.variation = 'criterion_dropped' and variants.criterion = criteria.criterion
            as is_dropped
    from {{ ref('stg_protocol__grading_criteria') }} as criteria
    inner join variants on criteria.scheme = variants.scheme
),

{{ grading_ctes('inputs', 'varied_criteria', 'rules', 'variants') }}

select * from domain_outcomes
