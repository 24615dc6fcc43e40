-- Warns when fct_trial_inclusion is kept without its zeros: more cells than the variable
-- largest_citation_matrix allows.
{{ config(severity='warn') }}
with

size as (
    select
        (select count(*) from {{ ref('int_trial_lists') }}) as trial_lists,
        (select count(*) from {{ ref('dim_trials') }}) as trials,
        (select count(*) from {{ ref('fct_trial_inclusion') }}) as cells_kept
)

select
    *,
    {{ var('largest_citation_matrix') }} as largest_citation_matrix
from size
where cells_kept < trial_lists * trials
