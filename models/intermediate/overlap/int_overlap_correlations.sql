-- Grain: one row per ordered pair of effects that one analysis could pool and of whose
-- overlap something is known: the correlation of their sampling errors. No row: nothing is known.
-- Source trial_weights: sum over shared trials of w_ik w_jk (v_k + tau2) over the product of the
-- standard errors that the weights give. Source shared_counts: n_ij / sqrt(k_i k_j). Source
-- at_least: the same from a partial list, where further trials may be shared.
with

candidates as (
    select
        analysis_id,
        effect_id,
        cluster_id
    from {{ ref('int_candidate_rows') }}
    where is_admissible
),

pairs as (
    select * from {{ ref('int_overlap_pairs') }}
    where alias_handling = 'decided'
),

weights as (
    select * from {{ ref('int_trial_weights') }}
    where fit.status = 'ok'
),

directed_pairs as (
    select
        meta_analysis_id_a as cluster_id,
        meta_analysis_id_b as other_cluster_id,
        n_shared,
        k_a as k,
        k_b as other_k,
        is_known,
        count_correlation
    from pairs
    union all
    select
        meta_analysis_id_b,
        meta_analysis_id_a,
        n_shared,
        k_b,
        k_a,
        is_known,
        count_correlation
    from pairs
),

by_counts as (
    select distinct
        candidates.effect_id,
        others.effect_id as other_effect_id,
        directed_pairs.n_shared,
        directed_pairs.k,
        directed_pairs.other_k,
        directed_pairs.is_known,
        directed_pairs.count_correlation
    from directed_pairs
    inner join candidates on directed_pairs.cluster_id = candidates.cluster_id
    inner join candidates as others
        on
            candidates.analysis_id = others.analysis_id
            and directed_pairs.other_cluster_id = others.cluster_id
    where directed_pairs.is_known or directed_pairs.count_correlation > 0
),

-- The variance of a trial in a mean of either meta-analysis: the average of the two, which differ
-- when their tau2 or their reading of the trial does.
trial_variances as (
    select
        effect_id,
        unnest(trial_ids) as trial_id,
        unnest(fit.weights) as weight,
        unnest(vis) + fit.tau2 as total_variance
    from weights
),

standard_errors as (
    select
        effect_id,
        count(*) as k,
        sqrt(sum(weight ** 2 * total_variance)) as se
    from trial_variances
    group by effect_id
),

weighed as (
    select candidates.*
    from candidates
    inner join standard_errors on candidates.effect_id = standard_errors.effect_id
),

together as (
    select distinct
        weighed.effect_id,
        others.effect_id as other_effect_id
    from weighed
    inner join weighed as others
        on
            weighed.analysis_id = others.analysis_id
            and weighed.cluster_id != others.cluster_id
),

by_weights as (
    select
        together.effect_id,
        together.other_effect_id,
        count(others.trial_id) as n_shared,
        any_value(own_se.k) as k,
        any_value(other_se.k) as other_k,
        coalesce(
            sum(
                own.weight * others.weight * (own.total_variance + others.total_variance) / 2
                order by own.trial_id
            ) filter (others.trial_id is not null),
            0
        ) / (any_value(own_se.se) * any_value(other_se.se)) as weight_correlation
    from together
    inner join standard_errors as own_se on together.effect_id = own_se.effect_id
    inner join standard_errors as other_se on together.other_effect_id = other_se.effect_id
    inner join trial_variances as own on together.effect_id = own.effect_id
    left join trial_variances as others
        on
            together.other_effect_id = others.effect_id
            and own.trial_id = others.trial_id
    group by together.effect_id, together.other_effect_id
),

final as (
    select
        coalesce(by_weights.effect_id, by_counts.effect_id) as effect_id,
        coalesce(by_weights.other_effect_id, by_counts.other_effect_id) as other_effect_id,
        coalesce(by_weights.n_shared, by_counts.n_shared) as n_shared,
        coalesce(by_weights.k, by_counts.k) as k,
        coalesce(by_weights.other_k, by_counts.other_k) as other_k,
        case
            when by_weights.effect_id is not null then 'trial_weights'
            when by_counts.is_known then 'shared_counts'
            else 'at_least'
        end as correlation_source,
        least(coalesce(by_weights.weight_correlation, by_counts.count_correlation), 1.0)
            as correlation
    from by_counts
    full outer join by_weights
        on
            by_counts.effect_id = by_weights.effect_id
            and by_counts.other_effect_id = by_weights.other_effect_id
)

select * from final
order by effect_id, other_effect_id
