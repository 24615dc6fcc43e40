-- Grain: one row per condition and source. Invented numbers.
select * from (
    values
    ('depression', 'Depression', 1, 'published', 5, -0.53, -0.62, -0.44, 'ok'),
    ('depression', 'Depression', 1, 'seed_paper', 2, 0.5, 0.4, 0.6, 'ok'),
    ('depression', 'Depression', 1, 'recommended', 0, null, null, null, 'no_data')
) as t (
    condition_id, condition_label, sort_order, source, k, estimate, ci_low, ci_high, status
)
