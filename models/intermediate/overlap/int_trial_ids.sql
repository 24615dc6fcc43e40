-- Grain: one row per handling of aliases and trial identifier of the sheets. Identifiers that are
-- one trial (directly or over others) get one canonical trial_id, the first in the alphabet.
-- Handling `decided` joins the pairs decided yes; `unsure_as_one` also those left unsure.
with recursive

inclusions as (
    select * from {{ ref('stg_extraction__study_inclusion') }}
),

aliases as (
    select * from {{ ref('stg_extraction__trial_aliases') }}
),

handlings as (
    select unnest(['decided', 'unsure_as_one']) as alias_handling
),

identifiers as (
    select study_id from inclusions
    union
    select study_id from {{ ref('stg_extraction__primary_studies') }}
    union
    select study_id_a from aliases
    union
    select study_id_b from aliases
),

joined_pairs as (
    select
        handlings.alias_handling,
        aliases.study_id_a,
        aliases.study_id_b
    from aliases
    cross join handlings
    where
        aliases.same_trial = 'yes'
        or (aliases.same_trial = 'unsure' and handlings.alias_handling = 'unsure_as_one')
),

edges as (
    select
        alias_handling,
        study_id_a as study_id,
        study_id_b as other_id
    from joined_pairs
    union
    select
        alias_handling,
        study_id_b,
        study_id_a
    from joined_pairs
),

reached as (
    select
        handlings.alias_handling,
        identifiers.study_id,
        identifiers.study_id as member_id
    from identifiers
    cross join handlings

    union

    select
        reached.alias_handling,
        reached.study_id,
        edges.other_id as member_id
    from reached
    inner join edges
        on
            reached.alias_handling = edges.alias_handling
            and reached.member_id = edges.study_id
),

final as (
    select
        alias_handling,
        study_id,
        min(member_id) as trial_id
    from reached
    group by alias_handling, study_id
)

select * from final
order by alias_handling, study_id
