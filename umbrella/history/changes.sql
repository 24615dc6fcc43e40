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
    row_number() over (
        partition by side, sheet, coalesce(key, 'row ' || row_number) order by row_number
    ) as nth
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
