-- Grain: one row, the review.
select
    'interventions' as review_kind,
    'intervention' as studied_word,
    'control' as comparison_word
