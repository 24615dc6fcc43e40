-- Grain: one row per contrast and policy: the formal test between its groups.
with

fits as (
    select * from {{ ref('int_contrast_fits') }}
),

final as (
    select
        contrast_id || ':' || policy_id as contrast_fit_id,
        contrast_id,
        policy_id,
        contrast_label,
        cast(n_groups_declared as integer) as n_groups_declared,
        test.groups as n_groups_tested,
        test.status as status,
        test.q_between as q_between,
        cast(test.df as integer) as df,
        test.p_value as p_value,
        cast(n_shared_meta_analyses as integer) as n_shared_meta_analyses,
        nullif(concat_ws(
            '; ',
            if(
                n_shared_meta_analyses > 0,
                n_shared_meta_analyses || ' '
                || {{ agreeing(
                    'n_shared_meta_analyses', "'[[member]] stands'", "'[[members]] stand'"
                ) }}
                || ' in more than one group, while the test takes groups as independent',
                null
            ),
            if(
                smallest_k < 3,
                'a group has fewer than three members, too few for its standard error',
                null
            )
        ), '') as caution,
        array_to_string(
            list_transform(
                list_filter(groups, lambda g: g.estimate is not null),
                lambda g: g.group_label || ' (k = ' || g.k || ')'
            ),
            ', '
        ) as groups_tested,
        array_to_string(
            list_transform(
                list_filter(groups, lambda g: g.estimate is null), lambda g: g.group_label
            ),
            ', '
        ) as groups_without_data
    from fits
)

select final.* replace ({{ review_words('final.caution') }} as caution)
from final
cross join {{ ref('int_review') }} as review
order by contrast_id, policy_id
