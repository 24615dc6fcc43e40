{# Codes that can be names already stay as they are. Others, which may differ by case, accent or the
   way an accent is written alone, end in the beginning of their hash, as no code that stays does;
   nor does one that stays end as names of pages of a figure do. #}
{% macro file_slug(code, letters='a-z') -%}
    if(
        regexp_full_match({{ code }}, '[{{ letters }}0-9_][{{ letters }}0-9_-]{0,59}')
        and not regexp_matches(
            {{ code }},
            '^(con|prn|aux|nul|(com|lpt)[0-9])$|-phone$|-page-[0-9]+$|-[0-9a-f]{8}$'
        ),
        {{ code }},
        concat_ws(
            '-',
            nullif(
                trim(left(regexp_replace(
                    lower(strip_accents({{ code }})), '[^a-z0-9_]+', '-', 'g'
                ), 40), '-'),
                ''
            ),
            left(sha256({{ code }}), 8)
        )
    )
{%- endmacro %}
