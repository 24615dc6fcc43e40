with

expected as (
    select
        analyses.analysis_id,
        policies.policy_id
    from {{ ref('dim_analyses') }} as analyses
    cross join {{ ref('dim_policies') }} as policies
),

results as (
    select
        analysis_id,
        policy_id
    from {{ ref('fct_pooled_effects') }}

    union all

    select
        analysis_id,
        policy_id
    from {{ ref('fct_pooled_rates') }}
),

missing as (
    select * from expected
    except all
    select * from results
),

surplus as (
    select * from results
    except all
    select * from expected
)

select * from missing
union all
select * from surplus
