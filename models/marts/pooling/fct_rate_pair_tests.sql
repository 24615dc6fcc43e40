-- Grain: one row per contrast of rates with pairs: how many meta-analyses (or trials) report the
-- higher rate in the first group, and the exact two-sided sign test of that.
--
-- Assumptions: meta-analyses are independent. One with several pairs counts once, and in neither
-- direction where they disagree. P is twice the smaller tail of a binomial distribution with 1/2.
with

pairs as (
    select * from {{ ref('int_rate_pairs') }}
),

units as (
    select
        contrast_id,
        unit_id,
        bool_and(difference_points > 0) as is_higher,
        bool_and(difference_points < 0) as is_lower
    from pairs
    where difference_points is not null
    group by contrast_id, unit_id
),

signs as (
    select
        contrast_id,
        count(*) as n_units,
        cast(count_if(is_higher) as bigint) as n_higher,
        cast(count_if(is_lower) as bigint) as n_lower,
        n_higher + n_lower as n_signed
    from units
    group by contrast_id
),

tested as (
    select
        *,
        -- Of a binomial distribution with 1/2: as few on the rarer side, or fewer.
        list_sum(
            list_transform(
                range(0, {{ least_of(['n_higher', 'n_lower']) }} + 1),
                lambda i: exp(
                    lgamma(n_signed + 1) - lgamma(i + 1)
                    - lgamma(n_signed - i + 1) - n_signed * ln(2)
                )
            )
        ) as smaller_tail
    from signs
),

described as (
    select
        contrast_id,
        any_value(contrast_label) as contrast_label,
        any_value(analysis_id) as analysis_id,
        any_value(reference_analysis_id) as reference_analysis_id,
        any_value(group_label) as group_label,
        any_value(reference_group_label) as reference_group_label,
        any_value(source_sheet) as source_sheet,
        any_value(outcome) as outcome,
        count(*) as n_pairs,
        count(difference_points) as n_pairs_with_percent,
        min(difference_points) as lowest_difference_points,
        max(difference_points) as highest_difference_points,
        min(relative_change_percent) as lowest_relative_change_percent,
        max(relative_change_percent) as highest_relative_change_percent
    from pairs
    group by contrast_id
),

final as (
    select
        described.contrast_id,
        described.contrast_label,
        described.analysis_id,
        described.reference_analysis_id,
        described.group_label,
        described.reference_group_label,
        described.source_sheet,
        described.outcome,
        cast(described.n_pairs as integer) as n_pairs,
        cast(described.n_pairs_with_percent as integer) as n_pairs_with_percent,
        cast(coalesce(signs.n_units, 0) as integer) as n_units,
        cast(coalesce(signs.n_higher, 0) as integer) as n_higher,
        cast(coalesce(signs.n_lower, 0) as integer) as n_lower,
        if(signs.n_signed > 0, {{ least_of(['1.0', '2 * signs.smaller_tail']) }}, null)
            as sign_test_p,
        described.lowest_difference_points,
        described.highest_difference_points,
        described.lowest_relative_change_percent,
        described.highest_relative_change_percent
    from described
    left join tested as signs on described.contrast_id = signs.contrast_id
)

select * from final
order by contrast_id
