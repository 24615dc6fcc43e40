-- Grain: one row per rule of the claim audit, with the words of its verdicts.
with

final as (
    select *
    from (
        values
        (
            'interval_limits_in_order',
            'The lower limit of an interval is not above its upper limit.',
            'They are in order.',
            'They are not in order, whatever the rounding.'
        ),
        (
            'estimate_inside_interval',
            'An estimate lies inside its own interval.',
            'It lies inside.',
            'No rounding brings the estimate inside.'
        ),
        (
            'interval_symmetric_on_its_scale',
            'A 95 % interval is symmetric about its estimate: SMD and MD on their own '
            || 'scale, OR and RR on the log scale.',
            'The two agree within rounding.',
            'No rounding makes the interval symmetric about the estimate.'
        ),
        (
            'p_consistent_with_interval',
            'A printed P value is the two-sided normal P that the estimate and its 95 % '
            || 'interval give.',
            'The two agree within rounding.',
            'No rounding of the estimate and its interval gives the printed P.'
        ),
        (
            'cohen_word_equals_number',
            'The word for the size of an effect fits the band of the sheet cohen_bands '
            || 'that holds the printed SMD.',
            'The word fits.',
            'No value that prints so fits the word.'
        ),
        (
            'significance_word_matches_interval',
            'An effect called significant has a 95 % interval without the value of no '
            || 'effect, one called not significant has it inside.',
            'The word fits.',
            'No rounding of the interval fits the word.'
        ),
        (
            'asserted_difference_supported',
            'Of two claims, one said to be greater is so with P below 0.05 in a test '
            || 'between the two pools (Q, one degree of freedom); two said not to differ '
            || 'are not different at that level.',
            'The printed intervals support the statement.',
            'No rounding of the printed numbers supports the statement.'
        ),
        (
            'percent_equals_fraction',
            'A printed percentage is its numerator divided by its denominator.',
            'The two agree within rounding.',
            'The fraction does not print so.'
        ),
        (
            'percent_within_0_100',
            'Shares lie between 0 and 100 percent; a numerator is not above its denominator.',
            'All lie within 0 and 100 percent.',
            'Not all lie within 0 and 100 percent.'
        ),
        (
            'value_inside_range',
            'A value lies inside the range or interval printed with it.',
            'It lies inside.',
            'No rounding brings the value inside.'
        ),
        (
            'median_inside_iqr',
            'A median lies inside its interquartile range.',
            'It lies inside.',
            'No rounding brings the median inside.'
        ),
        (
            'flow_does_not_increase',
            'No step of the study flow has more records than the step before.',
            'The number does not grow.',
            'The number grows.'
        ),
        (
            'range_contains_part',
            'A range over everything holds every value and range printed for one of them.',
            'The overall range holds all of them.',
            'The overall range does not hold all of them.'
        ),
        (
            'parts_add_up',
            'Parts add up to their whole.',
            'They add up.',
            'They do not add up.'
        )
    ) as rules (rule, rule_description, consistent_sentence, conflict_sentence)  -- noqa: AL05
)

select * from final
