-- Grain: one row per test of a published conclusion and source: the numbers printed by the review,
-- or ours under the conventional method.
--
-- Assumptions: pools set against each other are independent; z = difference / se, whose square is Q
-- with one degree of freedom.
{%- set sides = ['a', 'b', 'c', 'd'] %}
{%- set level = 0.05 %}
with

tests as (
    select
        tests.*,
        unnest(['printed', 'ours']) as source
    from {{ ref('stg_published__conclusion_tests') }} as tests
),

operands as (
    select * from {{ ref('fct_conclusion_operands') }}
),

-- The name of an operand is the same for both sources; the review need not print a number for it.
labels as (
    select
        operand,
        coalesce(any_value(label) filter (source = 'ours'), any_value(label)) as label
    from operands
    group by operand
),

bands as (
    select
        band,
        word_lower_bound as from_value,
        lead(word_lower_bound, 1, 'infinity') over (order by lower_bound) as to_value
    from {{ ref('stg_protocol__cohen_bands') }}
),

-- What does not come from pools: ratings, the audit, and numbers of the whole collection.
looked_up as (
    select
        'quality_is' as test,
        'ours' as source,
        meta_analysis_id as operand,
        rating as found,
        cast(null as varchar) as statement
    from {{ ref('fct_quality_ratings') }}
    where tool = 'amstar'
    union all
    select
        'certainty_is' as test,
        'ours' as source,
        meta_analysis_id as operand,
        string_agg(distinct rating, ';') as found,
        cast(null as varchar) as statement
    from {{ ref('stg_extraction__reported_certainty') }} as ratings
    inner join {{ ref('stg_vocabulary__outcomes') }} as outcomes
        on ratings.outcome = outcomes.code
    where outcomes.role = 'symptom'
    group by meta_analysis_id
    union all
    select
        'audited' as test,
        unnest(['printed', 'ours']) as source,
        subject_id as operand,
        unnest([arithmetic, replication]) as found,
        statement
    from {{ ref('fct_claim_audit') }}
),

shares as (
    select
        'ours' as source,
        avg(if(rating in ('low', 'very_low'), 1.0, 0.0)) as share_low
    from {{ ref('stg_extraction__reported_certainty') }}
    union all
    select
        'printed' as source,
        sum(numerator) filter (item in ('low', 'very_low')) / sum(numerator) as share_low
    from {{ ref('stg_published__counts') }}
    where topic = 'grade'
),

-- Signs of the pairs of rates of two analyses, whichever of the two goes first in the contrast.
pairs as (
    select
        'ours' as source,
        analysis_id as operand_a,
        reference_analysis_id as operand_b,
        n_units,
        n_higher as n_above,
        n_lower as n_below,
        sign_test_p
    from {{ ref('fct_rate_pair_tests') }}
    where n_units > 0
    union all
    select
        'ours' as source,
        reference_analysis_id as operand_a,
        analysis_id as operand_b,
        n_units,
        n_lower as n_above,
        n_higher as n_below,
        sign_test_p
    from {{ ref('fct_rate_pair_tests') }}
    where n_units > 0
),

severities as (
    select
        tests.conclusion_id,
        tests.test_order,
        tests.source,
        count(distinct effects.meta_analysis_id) filter (
            effects.is_included and effects.condition != wholes.condition
        ) as n_elsewhere
    from tests
    inner join {{ ref('dim_analyses') }} as wholes
        on tests.operand_a = wholes.analysis_id
    inner join {{ ref('dim_analyses') }} as strata
        on strata.analysis_id in (tests.operand_b, tests.operand_c, tests.operand_d)
    left join {{ ref('fct_effects') }} as effects
        on strata.severity = effects.severity
    where tests.test = 'no_severity_elsewhere' and tests.source = 'ours'
    group by tests.conclusion_id, tests.test_order, tests.source
),

-- The standard error of what is compared: of a and b, and of c and d where they are named.
joined as (
    select
        tests.*,
        {%- for side in sides %}
        label_of_{{ side }}.label as label_{{ side }},
        {%- endfor %}
        {%- for number in ['estimate', 'ci_low', 'ci_high', 'k', 'shown'] %}
        a.{{ number }} as {{ number }},
        {%- endfor %}
        b.k as k_b,
        printed_a.ci_high - printed_a.ci_low as printed_width,
        bands.from_value,
        bands.to_value,
        looked_up.found,
        looked_up.statement,
        meta_analyses.citation_label,
        shares.share_low,
        severities.n_elsewhere,
        pairs.n_units,
        pairs.n_above,
        pairs.n_below,
        pairs.sign_test_p,
        a.estimate - b.estimate - if(tests.operand_c is null, 0, c.estimate - d.estimate)
            as difference,
        sqrt(a.se ** 2 + b.se ** 2 + if(tests.operand_c is null, 0, c.se ** 2 + d.se ** 2)) as se
    from tests
    {%- for side in sides %}
left join operands as {{ side }}
    on tests.operand_{{ side }} = {{ side }}.operand and tests.source = {{ side }}.source
left join labels as label_of_{{ side }}
    on tests.operand_{{ side }} = label_of_{{ side }}.operand
    {%- endfor %}
    left join operands as printed_a
        on tests.operand_a = printed_a.operand and printed_a.source = 'printed'
    left join bands on tests.value = bands.band
    left join looked_up
        on
            tests.test = looked_up.test
            and tests.source = looked_up.source
            and tests.operand_a = looked_up.operand
    left join {{ ref('dim_meta_analyses') }} as meta_analyses
        on tests.operand_a = meta_analyses.meta_analysis_id
    left join shares on tests.source = shares.source
    left join severities
        on
            tests.conclusion_id = severities.conclusion_id
            and tests.test_order = severities.test_order
            and tests.source = severities.source
    left join pairs
        on
            tests.source = pairs.source
            and tests.operand_a = pairs.operand_a
            and tests.operand_b = pairs.operand_b
),

tested as (
    select
        *,
        if(
            test in ('above', 'above_significantly', 'further_above', 'similar'),
            p_from_z(difference / se),
            if(test = 'above_in_pairs', sign_test_p, null)
        ) as p_value
    from joined
),

judged as (
    select
        *,
        case
            when test = 'above_none'
                then
                    case
                        when ci_low > 0 then 'holds'
                        when ci_high < 0 then 'contradicted'
                        when ci_low is not null then 'not_shown'
                    end
            when test = 'none'
                then
                    case
                        when ci_low > 0 or ci_high < 0 then 'contradicted'
                        when source = 'ours' and ci_high - ci_low > 2 * printed_width
                            then 'not_shown'
                        when ci_low is not null then 'holds'
                    end
            when test in ('above', 'above_significantly', 'further_above')
                then
                    case
                        when p_value < {{ level }} and difference > 0 then 'holds'
                        when
                            p_value < {{ level }}
                            or (test = 'above_significantly' and p_value >= {{ level }})
                            then 'contradicted'
                        when p_value >= {{ level }} then 'not_shown'
                    end
            when test = 'above_in_pairs' and n_units > 0
                then
                    case
                        when p_value < {{ level }} and n_above > n_below then 'holds'
                        when p_value < {{ level }} then 'contradicted'
                        else 'not_shown'
                    end
            when test = 'similar'
                then
                    case
                        when p_value >= {{ level }} then 'holds'
                        when p_value < {{ level }} then 'contradicted'
                    end
            when test = 'size'
                then
                    case
                        when abs(estimate) >= from_value and abs(estimate) < to_value then 'holds'
                        when ci_low < to_value and ci_high >= from_value then 'not_shown'
                        when ci_low is not null then 'contradicted'
                    end
            when test = 'number_is' and k > 0
                then if(k = cast(value as integer), 'holds', 'contradicted')
            when test = 'more_studied' and (k > 0 or k_b > 0)
                then if(k > k_b, 'holds', 'contradicted')
            when test in ('quality_is', 'certainty_is') and found is not null
                then if(
                        list_has_all(string_split(value, ';'), string_split(found, ';')),
                        'holds',
                        'contradicted'
                    )
            when test = 'mostly_low' and share_low is not null
                then if(share_low > 0.5, 'holds', 'contradicted')
            when test = 'no_severity_elsewhere' and n_elsewhere is not null
                then if(n_elsewhere = 0, 'holds', 'contradicted')
            when test = 'audited'
                then
                    case
                        when found = 'reproduced' then 'holds'
                        when found in ('arithmetic conflict', 'contradicted') then 'contradicted'
                        when found = 'same_direction' then 'not_shown'
                    end
        end as outcome
    from tested
),

final as (
    select
        conclusion_id || ':' || test_order || ':' || source as conclusion_test_id,
        conclusion_id,
        cast(test_order as integer) as test_order,
        test,
        source,
        case
            when test = 'above' then label_a || ' more than ' || label_b
            when test = 'above_significantly'
                then label_a || ' significantly more than ' || label_b
            when test = 'above_in_pairs'
                then label_a || ' higher than ' || label_b || ' within the same [[members]]'
            when test = 'similar' then label_a || ' like ' || label_b
            when test = 'further_above'
                then
                    label_a || ' more than ' || label_b || ', by a wider margin than ' || label_c
                    || ' more than ' || label_d
            when test = 'above_none' then label_a || ': an effect'
            when test = 'none' then label_a || ': no clear effect'
            when test = 'size' then label_a || ': ' || value
            when test = 'number_is'
                then label_a || ': ' || {{ counted('value', "'[[member]]'", "'[[members]]'") }}
            when test = 'more_studied' then 'more on ' || label_a || ' than on ' || label_b
            when test = 'quality_is' then citation_label || ': quality ' || value
            when test = 'certainty_is'
                then
                    citation_label || ': certainty '
                    || replace(replace(value, ';', ' or '), '_', ' ')
            when test = 'mostly_low' then 'most ratings low or very low'
            when test = 'no_severity_elsewhere' then 'no other [[condition]] by severity'
            when test = 'audited' then statement
            else 'nothing to test it with'
        end as question,
        coalesce(outcome, 'no_data') as outcome,
        case
            when test in ('above', 'above_significantly', 'further_above', 'similar')
                then {{ true_minus("printf('difference %.2f', difference)") }}
            when test = 'above_in_pairs'
                then n_above || ' of ' || n_units || printf(', P = %.2f', p_value)
            when test in ('above_none', 'none', 'size') then shown
            when test = 'number_is' then k || ' found'
            when test = 'more_studied' then k || ' and ' || k_b
            when test = 'mostly_low' then printf('%.0f%% low or very low', 100 * share_low)
            when test = 'no_severity_elsewhere'
                then {{ counted('n_elsewhere', "'[[member]]'", "'[[members]]'") }}
            when test in ('quality_is', 'certainty_is', 'audited') then replace(found, '_', ' ')
        end as found,
        difference,
        p_value
    from judged
)

select
    final.* replace (
        {{ review_words('final.question') }} as question,
        {{ review_words('final.found') }} as found
    )
from final
cross join {{ ref('int_review') }} as review
order by conclusion_id, test_order, source
