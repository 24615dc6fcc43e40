-- Grain: one row per ordered pair of rows of a sheet that one analysis could pool and of whose
-- overlap something is known: the correlation of their sampling errors. No row: nothing is known.
-- Source trial_weights: sum over shared trials of w_ik w_jk (v_k + tau2) over the product of the
-- standard errors that the weights give. Source shared_counts: n_ij / sqrt(k_i k_j) times
-- sqrt(f_i f_j), f the share of the listed trials that the effect pools. Source at_least: the same
-- from a partial list, where further trials may be shared. Source relation: the two are related,
-- and the protocol says what share of the trials of the smaller one both have; of unknown size they
-- count as equally large. Never less than a partial list shows.
with

candidates as (
    select
        analysis_id,
        source_sheet,
        effect_id,
        cluster_id,
        n_studies,
        k_for_selection
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

-- A list is that of the whole meta-analysis, while an effect may pool some of its trials.
by_counts as (
    select distinct
        candidates.source_sheet,
        candidates.effect_id,
        others.effect_id as other_effect_id,
        directed_pairs.n_shared,
        directed_pairs.k,
        directed_pairs.other_k,
        directed_pairs.is_known,
        directed_pairs.count_correlation
        * sqrt(
            {{ pooled_share('candidates.n_studies', 'directed_pairs.k') }}
            * {{ pooled_share('others.n_studies', 'directed_pairs.other_k') }}
        ) as correlation
    from directed_pairs
    inner join candidates on directed_pairs.cluster_id = candidates.cluster_id
    inner join candidates as others
        on
            candidates.analysis_id = others.analysis_id
            and directed_pairs.other_cluster_id = others.cluster_id
    where directed_pairs.is_known or directed_pairs.count_correlation > 0
),

by_relation as (
    select distinct
        candidates.source_sheet,
        candidates.effect_id,
        others.effect_id as other_effect_id,
        candidates.k_for_selection as k,
        others.k_for_selection as other_k,
        k is not null and other_k is not null as are_sized,
        {{ least_of(['k', 'other_k']) }} as smaller_k,
        cast(round(related_pairs.shared_share * smaller_k) as bigint) as n_shared,
        related_pairs.shared_share * if(are_sized, smaller_k / sqrt(k * other_k), 1) as correlation
    from {{ ref('int_related_pairs') }} as related_pairs
    inner join candidates on related_pairs.meta_analysis_id = candidates.cluster_id
    inner join candidates as others
        on
            candidates.analysis_id = others.analysis_id
            and related_pairs.related_id = others.cluster_id
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
    where candidates.source_sheet = 'reported_effects'
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
        'reported_effects' as source_sheet,
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
        ) / (any_value(own_se.se) * any_value(other_se.se)) as correlation
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

-- The surest source first.
stacked as (
    select
        *,
        'trial_weights' as correlation_source,
        1 as source_order
    from by_weights
    union all by name
    select
        * exclude (is_known),
        if(is_known, 'shared_counts', 'at_least') as correlation_source,
        if(is_known, 2, 4) as source_order
    from by_counts
    union all by name
    select
        * exclude (are_sized, smaller_k),
        'relation' as correlation_source,
        3 as source_order
    from by_relation
),

final as (
    select
        source_sheet,
        effect_id,
        other_effect_id,
        if(source_order < 3, n_shared, max(n_shared) over pair) as n_shared,
        k,
        other_k,
        correlation_source,
        {{ least_of(
            ['if(source_order < 3, correlation, max(correlation) over pair)', '1.0']
        ) }} as correlation
    from stacked
    window
        pair as (partition by source_sheet, effect_id, other_effect_id),
        surest as (partition by source_sheet, effect_id, other_effect_id order by source_order)
    qualify row_number() over surest = 1
)

select * from final
order by source_sheet, effect_id, other_effect_id
