-- Grain: one row per pair of trial identifiers that may be one trial: by the same first author in
-- the same or neighbouring years, by a row of trial_aliases, or both.
with

inclusions as (
    select * from {{ ref('stg_extraction__study_inclusion') }}
),

aliases as (
    select
        {{ least_of(['study_id_a', 'study_id_b']) }} as study_id_a,
        {{ greatest_of(['study_id_a', 'study_id_b']) }} as study_id_b,
        same_trial,
        basis
    from {{ ref('stg_extraction__trial_aliases') }}
),

trial_ids as (
    select * from {{ ref('int_trial_ids') }}
    where alias_handling = 'decided'
),

identifiers as (
    select
        study_id,
        {{ first_author_key('study_id') }} as author,
        try_cast(regexp_extract(study_id, '(?:19|20)\d\d') as integer) as year,
        array_to_string(list_sort(list(distinct meta_analysis_id)), '; ') as meta_analysis_ids
    from inclusions
    group by study_id
),

look_alikes as (
    select
        first.study_id as study_id_a,
        second.study_id as study_id_b,
        first.author,
        abs(first.year - second.year) as years_apart
    from identifiers as first
    inner join identifiers as second
        on
            first.author = second.author
            and first.author != ''
            and first.study_id < second.study_id
            and (abs(first.year - second.year) <= 1 or first.year is null or second.year is null)
),

paired as (
    select
        coalesce(look_alikes.study_id_a, aliases.study_id_a) as study_id_a,
        coalesce(look_alikes.study_id_b, aliases.study_id_b) as study_id_b,
        look_alikes.author,
        look_alikes.years_apart,
        look_alikes.author is not null as is_similar,
        aliases.same_trial,
        aliases.basis
    from look_alikes
    full outer join aliases
        on
            look_alikes.study_id_a = aliases.study_id_a
            and look_alikes.study_id_b = aliases.study_id_b
),

final as (
    select
        paired.study_id_a || ':' || paired.study_id_b as duplicate_id,
        paired.study_id_a,
        paired.study_id_b,
        paired.is_similar,
        cast(paired.years_apart as integer) as years_apart,
        first.meta_analysis_ids as meta_analyses_a,
        second.meta_analysis_ids as meta_analyses_b,
        case
            when paired.same_trial = 'no' and ids_a.trial_id = ids_b.trial_id then 'contradicted'
            when paired.same_trial is null and ids_a.trial_id = ids_b.trial_id
                then 'joined over others'
            when paired.same_trial = 'yes' then 'one trial'
            when paired.same_trial = 'no' then 'two trials'
            when paired.same_trial = 'unsure' then 'unsure'
            else 'undecided'
        end as status,
        paired.basis
    from paired
    left join identifiers as first on paired.study_id_a = first.study_id
    left join identifiers as second on paired.study_id_b = second.study_id
    left join trial_ids as ids_a on paired.study_id_a = ids_a.study_id
    left join trial_ids as ids_b on paired.study_id_b = ids_b.study_id
)

select * from final
order by study_id_a, study_id_b
