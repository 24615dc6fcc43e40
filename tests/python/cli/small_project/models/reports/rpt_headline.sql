-- Grain: one row per headline and source. Invented numbers.
select
    *,
    2 as decimals
from (
    values
    ('depression', 'Depression', 'SMD', 1, 'published', 5, -0.53, -0.62, -0.44, 'ok'),
    ('depression', 'Depression', 'SMD', 1, 'seed_paper', 2, 0.5, 0.4, 0.6, 'ok'),
    ('depression', 'Depression', 'SMD', 1, 'recommended', 0, null, null, null, 'no_data')
) as t (
    analysis_id, headline_label, scale_short_label, sort_order, source, k, estimate, ci_low,
    ci_high, status
)
