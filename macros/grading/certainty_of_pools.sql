{#- The worst of grades still has one of its circles filled, the worst of classes none. -#}
{% macro certainty_of_pools() -%}
    select
        grades.analysis_id,
        grades.scheme_kind as certainty_kind,
        grades.grade_label as certainty,
        repeat('●', n_above) || repeat('○', n_circles - n_above) as certainty_symbol
    from (
        select
            *,
            scheme_kind = 'class' as is_class,
            n_grades - place + if(is_class, 0, 1) as n_above,
            n_grades - if(is_class, 1, 0) as n_circles
        from (
            select
                graded.*,
                places.place,
                places.n_grades,
                row_number() over (
                    partition by graded.analysis_id
                    order by
                        coalesce(schemes.role, '') = 'certainty' desc,
                        schemes.sort_order, schemes.scheme
                ) as choice
            from {{ ref('fct_evidence_grades') }} as graded
            inner join {{ ref('dim_grading_schemes') }} as schemes
                on graded.scheme = schemes.scheme
            inner join {{ ref('dim_grades') }} as places
                on graded.scheme = places.scheme and graded.grade = places.grade
            where
                graded.graded_kind = 'pooled_result'
                and graded.policy_id = 'recommended'
                and (graded.scheme_kind = 'class' or schemes.role = 'certainty')
        )
        where choice = 1
    ) as grades
{%- endmacro %}
