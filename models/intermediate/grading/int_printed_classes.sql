-- Grain: one row per reported effect with a printed class of evidence and scheme of classes: the
-- grade of the scheme that the words mean. Every part of the words, such as both of "Class I
-- (convincing)", must mean one grade.
with

printed as (
    select
        effect_id,
        printed_class
    from {{ ref('int_printed_inputs') }}
    where printed_class is not null
),

schemes as (
    select scheme
    from {{ ref('stg_protocol__grading_schemes') }}
    where kind = 'class'
),

grades as (
    select
        scheme,
        grade,
        unnest([grade, label, meaning] || string_split(coalesce(printed_as, ''), ';')) as words
    from {{ ref('stg_protocol__grading_grades') }}
),

known as (
    select distinct
        scheme,
        grade,
        {{ class_words('words') }} as words
    from grades
    where {{ class_words('words') }} != ''
),

parts as (
    select
        effect_id,
        unnest(regexp_split_to_array(printed_class, '[(),;:/\[\]]|\s[-–—]\s')) as part
    from printed
),

meant as (
    select
        parts.effect_id,
        schemes.scheme,
        min(known.grade) as printed_grade
    from parts
    cross join schemes
    left join known
        on
            schemes.scheme = known.scheme
            and {{ class_words('parts.part') }} = known.words
    where {{ class_words('parts.part') }} != ''
    group by parts.effect_id, schemes.scheme
    having count(known.grade) = count(*) and min(known.grade) = max(known.grade)
),

final as (
    select
        printed.effect_id,
        schemes.scheme,
        printed.printed_class,
        meant.printed_grade
    from printed
    cross join schemes
    left join meant
        on printed.effect_id = meant.effect_id and schemes.scheme = meant.scheme
)

select * from final
order by effect_id, scheme
