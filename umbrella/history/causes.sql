-- Causes. A changed row is about what its cells name: effects, else a meta-analysis, else the
-- analysis or the policy that is its key; one that names none may touch everything.
create table changed_rows as
select sheet, row_id, nth from cell_changes
union
select sheet, row_id, nth from row_changes;

create table named_in_rows as
with
values_of_rows as (
    select distinct changed_rows.sheet, changed_rows.row_id, changed_rows.nth, trim(value) as value
    from changed_rows
    inner join sheet_rows using (sheet, row_id, nth)
    inner join typed using (side, sheet, row_number)
    -- A number names a row only in a column of such names, else it is a number.
    where ends_with(column_name, '_id') or try_cast(value as double) is null

    union

    select changed_rows.sheet, row_id, nth, row_id as value
    from changed_rows
    inner join keys on changed_rows.sheet = keys.sheet
    where ends_with(keys.column_name, '_id')
),

effects as (
    select effect_id as value from candidates
    union
    select effect_id from grade_changes
),

meta_analyses as (
    select meta_analysis_id as value from candidates
    union
    select meta_analysis_id from grade_changes
),

first_keys as (
    select sheet, min_by(column_name, position) as column_name, count(*) as n_columns
    from keys
    group by sheet
),

found as (
    select *, 'effect' as kind, 1 as place from values_of_rows semi join effects using (value)
    union all
    select *, 'meta_analysis', 2 from values_of_rows semi join meta_analyses using (value)
    union all
    select
        rows_.sheet, rows_.row_id, rows_.nth,
        if(n_columns = 1, row_id, regexp_extract(row_id, '^(.*?) / ', 1)) as value,
        case
            when column_name = 'policy_id' then 'policy'
            when n_columns = 1 then 'analysis'
            else 'graded analysis'
        end as kind,
        1 as place
    from changed_rows as rows_
    inner join first_keys on rows_.sheet = first_keys.sheet
    where column_name in ('analysis_id', 'policy_id')
)

select * exclude (place)
from found
qualify place = min(place) over (partition by sheet, row_id, nth);

-- What moved, and what of the sheets stands nearest to it.
create table causes as
with
unnamed as (
    select changed_rows.*
    from changed_rows
    anti join named_in_rows using (sheet, row_id, nth)
    inner join sheets using (sheet)
    where sheets.folder != 'published'
),

moved_members as (
    select distinct analysis_id, policy_id, effect_id from member_changes where change != 'weight'
),

in_pools as (
    select analysis_id, policy_id, meta_analysis_id from older_members where is_member
    union
    select analysis_id, policy_id, meta_analysis_id from newer_members where is_member
),

near as (
    select
        'pool' as target, pools.analysis_id || ':' || pools.policy_id as target_id,
        named.sheet, named.row_id, named.nth, 1 as distance
    from pool_changes as pools
    inner join moved_members using (analysis_id, policy_id)
    inner join named_in_rows as named
        on named.kind = 'effect' and moved_members.effect_id = named.value

    union all

    select
        'pool', pools.analysis_id || ':' || pools.policy_id, named.sheet, named.row_id, named.nth, 1
    from pool_changes as pools
    inner join named_in_rows as named
        on
            (named.kind = 'policy' and pools.policy_id = named.value)
            or (named.kind = 'analysis' and pools.analysis_id = named.value)

    union all

    select
        'pool', pools.analysis_id || ':' || pools.policy_id, named.sheet, named.row_id, named.nth, 2
    from pool_changes as pools
    inner join in_pools using (analysis_id, policy_id)
    inner join named_in_rows as named
        on named.kind = 'meta_analysis' and in_pools.meta_analysis_id = named.value

    union all

    select
        'pool', pools.analysis_id || ':' || pools.policy_id, rows_.sheet, rows_.row_id, rows_.nth, 3
    from pool_changes as pools
    cross join unnamed as rows_

    union all

    select 'grade', grades.grade_id, named.sheet, named.row_id, named.nth, 1
    from grade_changes as grades
    inner join named_in_rows as named
        on
            (named.kind = 'effect' and grades.effect_id = named.value)
            or (
                named.kind in ('analysis', 'graded analysis')
                and grades.analysis_id = named.value
            )
            or (named.kind = 'policy' and grades.policy_id = named.value)

    union all

    select 'grade', grades.grade_id, named.sheet, named.row_id, named.nth, 1
    from grade_changes as grades
    inner join moved_members using (analysis_id, policy_id)
    inner join named_in_rows as named
        on named.kind = 'effect' and moved_members.effect_id = named.value

    union all

    select 'grade', grades.grade_id, named.sheet, named.row_id, named.nth, 2
    from grade_changes as grades
    inner join in_pools using (analysis_id, policy_id)
    inner join named_in_rows as named
        on named.kind = 'meta_analysis' and in_pools.meta_analysis_id = named.value

    union all

    select 'grade', grades.grade_id, named.sheet, named.row_id, named.nth, 2
    from grade_changes as grades
    inner join named_in_rows as named
        on named.kind = 'meta_analysis' and grades.meta_analysis_id = named.value

    union all

    select 'grade', grades.grade_id, rows_.sheet, rows_.row_id, rows_.nth, 3
    from grade_changes as grades
    cross join unnamed as rows_
),

-- Of a row in which other cells changed, too, remarks are not the cause.
telling as (
    select cells.*
    from cell_changes as cells
    left join texts using (sheet, column_name)
    qualify
        texts.column_name is null
        or bool_and(texts.column_name is not null) over (partition by sheet, row_id, nth)
),

nearest as (
    select distinct *
    from near
    qualify distance = min(distance) over (partition by target, target_id)
)

select nearest.*, cells.column_name, cells.column_order, cells.older, cells.newer, rows_.change
from nearest
left join telling as cells using (sheet, row_id, nth)
left join row_changes as rows_ using (sheet, row_id, nth);
