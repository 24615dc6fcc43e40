{% macro pool_inputs() %}
independent as (
    select
        *,
        pool(
            yis,
            vis,
            {
                'tau2_method': tau2_method,
                'ci_method': ci_method,
                'pi_method': pi_method,
                'tau2_ci_method': tau2_ci_method,
                'ci_level': ci_level
            }
        ) as fit
    from inputs
    where overlap_handling = 'none'
),

-- An analysis without members has no correlations. Where there are too many members to know the
-- shrinkage, the function says so, too.
correlated as (
    select
        *,
        pool_gls_pairs(
            yis,
            vis,
            coalesce({{ shrunk_pairs('correlations', 'coalesce(shrinkage, 0.0)') }}, []),
            {
                'default_correlation': (1 - coalesce(shrinkage, 0.0)) * other_correlation,
                'tau2_method': tau2_method,
                'ci_method': ci_method,
                'pi_method': pi_method,
                'tau2_ci_method': tau2_ci_method,
                'ci_level': ci_level
            }
        ) as fit
    from inputs
    where overlap_handling != 'none'
),

final as (
    select * from independent
    union all
    select * from correlated
)
{%- endmacro %}
