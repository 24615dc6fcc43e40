{% macro criterion_value(column) -%}
    case {{ column }}
        when 'k' then known.k
        when 'n_participants' then known.n_participants
        when 'year' then known.year
        when 'amstar_score' then known.amstar_score
    end
{%- endmacro %}


{% macro may_be_taken() -%}
    case
        when in_line.unknown_overlap = 'take'
            then not list_has_any(in_line.shares_with, walk.taken)
        else in_line.has_trial_list and list_has_all(in_line.disjoint_from, walk.taken)
    end
{%- endmacro %}
