-- What differs between two publishes. The tables older_* and newer_* have what each keeps
-- (kept.py); typed has the cells of the sheets that differ, by side; keys their key columns.

-- Rows: a row is known by its key, as it is read; rows of one key by their order.
create table sheet_rows as
with
key_cells as (
    select side, sheet, row_number, column_name, value from typed
    union all
    select distinct side, sheet, row_number, column_name, read_as from readings
    where read_as is not null and (side, sheet, row_number, column_name) not in (
        select (side, sheet, row_number, column_name) from typed
    )
),

named as (
    select
        typed.side,
        typed.sheet,
        typed.row_number,
        string_agg(trim(key_cells.value), ' / ' order by keys.position) as key
    from (select distinct side, sheet, row_number from typed) as typed
    left join keys on typed.sheet = keys.sheet
    left join key_cells
        on
            typed.side = key_cells.side and typed.sheet = key_cells.sheet
            and typed.row_number = key_cells.row_number
            and keys.column_name = key_cells.column_name
    group by all
)

select
    side,
    sheet,
    row_number,
    coalesce(key, 'row ' || row_number) as row_id,
    row_number() over (partition by side, sheet, key order by row_number) as nth
from named;

create table row_changes as
select
    coalesce(newer.sheet, older.sheet) as sheet,
    coalesce(newer.row_id, older.row_id) as row_id,
    coalesce(newer.nth, older.nth) as nth,
    coalesce(newer.row_number, older.row_number) as row_number,
    if(older.row_id is null, 'added', 'removed') as change
from (select * from sheet_rows where side = 'older') as older
full join (select * from sheet_rows where side = 'newer') as newer
    on older.sheet = newer.sheet and older.row_id = newer.row_id and older.nth = newer.nth
where older.row_id is null or newer.row_id is null;

create table cell_changes as
with
cells as (
    select typed.*, sheet_rows.row_id, sheet_rows.nth
    from typed
    inner join sheet_rows using (side, sheet, row_number)
    anti join row_changes
        on
            sheet_rows.sheet = row_changes.sheet and sheet_rows.row_id = row_changes.row_id
            and sheet_rows.nth = row_changes.nth
)

select
    coalesce(newer.sheet, older.sheet) as sheet,
    coalesce(newer.row_id, older.row_id) as row_id,
    coalesce(newer.nth, older.nth) as nth,
    coalesce(newer.row_number, older.row_number) as row_number,
    coalesce(newer.column_name, older.column_name) as column_name,
    coalesce(newer.column_order, older.column_order) as column_order,
    older.value as older,
    newer.value as newer
from (select * from cells where side = 'older') as older
full join (select * from cells where side = 'newer') as newer
    on
        older.sheet = newer.sheet and older.row_id = newer.row_id and older.nth = newer.nth
        and older.column_name = newer.column_name
where older.value is distinct from newer.value;

-- Members: only where a number is another, beyond what floating point makes of equal ones.
create table member_changes as
with
joined as (
    select
        coalesce(newer.analysis_id, older.analysis_id) as analysis_id,
        coalesce(newer.policy_id, older.policy_id) as policy_id,
        coalesce(newer.effect_id, older.effect_id) as effect_id,
        coalesce(newer.meta_analysis_id, older.meta_analysis_id) as meta_analysis_id,
        coalesce(newer.member_label, older.member_label) as member_label,
        coalesce(older.is_member, false) as was_member,
        coalesce(newer.is_member, false) as is_member,
        differs(older.yi, newer.yi) or differs(older.vi, newer.vi) as has_other_value,
        differs(older.weight, newer.weight) as has_other_weight,
        older.yi as older_value,
        newer.yi as newer_value,
        100 * older.weight as older_weight,
        100 * newer.weight as newer_weight,
        newer.reason,
        newer.effect_id is null as is_gone
    from older_members as older
    full join newer_members as newer using (analysis_id, policy_id, effect_id)
)

select
    joined.* exclude (was_member, is_member, has_other_value, has_other_weight, is_gone, reason),
    case
        when is_member and not was_member then 'entered'
        when was_member and not is_member then 'left'
        when has_other_value then 'value'
        else 'weight'
    end as change,
    if(was_member and not is_member, coalesce(reason, 'its row is gone'), null) as reason
from joined
where (was_member or is_member) and (was_member != is_member or has_other_value or has_other_weight);

create table pool_changes as
select
    coalesce(newer.analysis_id, older.analysis_id) as analysis_id,
    coalesce(newer.policy_id, older.policy_id) as policy_id,
    coalesce(newer.label, older.label) as label,
    coalesce(newer.policy_label, older.policy_label) as policy_label,
    coalesce(newer.is_headline, older.is_headline, false) as is_headline,
    coalesce(newer.sort_order, older.sort_order) as sort_order,
    coalesce(newer.policy_order, older.policy_order) as policy_order,
    coalesce(newer.measure, older.measure) as measure,
    coalesce(newer.decimals, older.decimals, 2) as decimals,
    case
        when older.analysis_id is null then 'new'
        when newer.analysis_id is null then 'gone'
        else 'moved'
    end as change,
    older.k as older_k,
    newer.k as newer_k,
    older.estimate as older_estimate,
    older.ci_low as older_ci_low,
    older.ci_high as older_ci_high,
    newer.estimate as newer_estimate,
    newer.ci_low as newer_ci_low,
    newer.ci_high as newer_ci_high,
    older.side_text as older_side,
    newer.side_text as newer_side,
    older.band as older_band,
    newer.band as newer_band,
    coalesce(older.side != newer.side, false)
    and 'neither' not in (older.side, newer.side) as has_other_side,
    coalesce((older.side = 'neither') != (newer.side = 'neither'), false)
        as has_other_significance,
    coalesce(older.band != newer.band, false) as has_other_band,
    older.k is distinct from newer.k
    or shows_other(older.estimate, newer.estimate, coalesce(newer.decimals, older.decimals, 2))
    or shows_other(older.ci_low, newer.ci_low, coalesce(newer.decimals, older.decimals, 2))
    or shows_other(older.ci_high, newer.ci_high, coalesce(newer.decimals, older.decimals, 2))
        as is_seen
from older_pools as older
full join newer_pools as newer using (analysis_id, policy_id)
where
    older.analysis_id is null or newer.analysis_id is null
    or older.k is distinct from newer.k
    or older.status is distinct from newer.status
    or older.side is distinct from newer.side
    or older.band is distinct from newer.band
    or differs(older.estimate, newer.estimate)
    or differs(older.ci_low, newer.ci_low)
    or differs(older.ci_high, newer.ci_high);

create table grade_changes as
select
    coalesce(newer.grade_id, older.grade_id) as grade_id,
    coalesce(newer.analysis_id, older.analysis_id) as analysis_id,
    coalesce(newer.policy_id, older.policy_id) as policy_id,
    coalesce(newer.effect_id, older.effect_id) as effect_id,
    coalesce(newer.meta_analysis_id, older.meta_analysis_id) as meta_analysis_id,
    coalesce(newer.label, older.label) as label,
    coalesce(newer.scheme, older.scheme) as scheme,
    coalesce(newer.scheme_label, older.scheme_label) as scheme_label,
    case
        when older.place is null and newer.place is null then 'other'
        when older.place is null then 'given'
        when newer.place is null then 'lost'
        when newer.place > older.place then 'fell'
        when newer.place < older.place then 'rose'
        else 'other'
    end as change,
    older.grade_label as older,
    newer.grade_label as newer
from older_grades as older
full join newer_grades as newer using (grade_id)
where older.grade_label is distinct from newer.grade_label;

create table conclusion_changes as
select
    coalesce(newer.conclusion_id, older.conclusion_id) as conclusion_id,
    coalesce(newer.analysis_id, older.analysis_id) as analysis_id,
    coalesce(newer.label, older.label) as label,
    coalesce(newer.sort_order, older.sort_order) as sort_order,
    coalesce(newer.topic, older.topic) as topic,
    older.words as older,
    newer.words as newer
from older_conclusions as older
full join newer_conclusions as newer using (conclusion_id, topic)
where older.words is distinct from newer.words;

create table version_changes as
select
    coalesce(newer.component, older.component) as component,
    coalesce(newer.role, older.role) as role,
    older.version as older,
    newer.version as newer
from older_versions as older
full join newer_versions as newer using (component)
where older.version is distinct from newer.version;

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

    union

    select sheet, row_id, nth, row_id as value from changed_rows
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
