"""What a publish keeps of its warehouse: every sheet as typed, and what the review says.

A table of results is given by its columns and by the query that fills it. The columns are also
those that two publishes are compared in (compare.py): of a publish by a version without one of
them the column is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from umbrella.history.entries import Part
from umbrella.history.store import History
from umbrella.sheets.contract import Sheet

READINGS_FOLDER = "readings"
"""Of the table of readings, which comes with the sheets and is none."""

TEXT = "text"
"""The kind of columns that hold any text (models/sheets)."""

WRITE = "copy ({query}) to '{file}' (format parquet, compression zstd)"


@dataclass(frozen=True)
class Results:
    """A table of results: columns with their types, the tables it is from, and its query."""

    columns: str
    needs: frozenset[tuple[str, str]]
    query: str


def _needs(*names: str) -> frozenset[tuple[str, str]]:
    return frozenset(tuple(name.split(".")) for name in names)


POOLS = Results(
    """
    analysis_id varchar, policy_id varchar, label varchar, policy_label varchar,
    is_headline boolean, sort_order bigint, policy_order bigint, measure varchar, decimals bigint,
    status varchar, k bigint, estimate double, ci_low double, ci_high double, side varchar,
    side_text varchar, band varchar
    """,
    _needs(
        "main.fct_pooled_effects",
        "main.fct_pooled_rates",
        "main.dim_analyses",
        "main.dim_policies",
        "staging.stg_protocol__cohen_bands",
    ),
    # Of effects on the scale on which they are shown, as rates are.
    """
    with

    pools as (
        select
            analysis_id, policy_id, status, k, side, cohen_band,
            case shown_as
                when 'exp' then exp(estimate) when 'tanh' then tanh(estimate) else estimate
            end as estimate,
            case shown_as
                when 'exp' then exp(ci_low) when 'tanh' then tanh(ci_low) else ci_low
            end as ci_low,
            case shown_as
                when 'exp' then exp(ci_high) when 'tanh' then tanh(ci_high) else ci_high
            end as ci_high
        from main.fct_pooled_effects

        union all by name

        select
            analysis_id, policy_id, status, k, pooled_rate as estimate, ci_low_rate as ci_low,
            ci_high_rate as ci_high
        from main.fct_pooled_rates
    )

    select
        pools.analysis_id, pools.policy_id, analyses.label, policies.label as policy_label,
        analyses.is_headline, analyses.sort_order, policies.sort_order as policy_order,
        analyses.scale_short_label as measure, analyses.decimals, pools.status, pools.k,
        pools.estimate, pools.ci_low, pools.ci_high, pools.side,
        case pools.side
            when 'above' then analyses.side_verb || 's ' || analyses.above_text
            when 'below' then analyses.side_verb || 's ' || analyses.below_text
            when 'neither' then analyses.side_verb || 's neither'
        end as side_text,
        bands.label as band
    from pools
    inner join main.dim_analyses as analyses using (analysis_id)
    inner join main.dim_policies as policies using (policy_id)
    left join staging.stg_protocol__cohen_bands as bands on pools.cohen_band = bands.band
    order by pools.analysis_id, pools.policy_id
    """,
)

MEMBERS = Results(
    """
    analysis_id varchar, policy_id varchar, effect_id varchar, meta_analysis_id varchar,
    member_label varchar, is_member boolean, reason varchar, yi double, vi double, weight double
    """,
    _needs("main.fct_analysis_members", "main.dim_meta_analyses"),
    """
    select
        members.analysis_id, members.policy_id, members.effect_id, members.meta_analysis_id,
        analyses.citation_label as member_label, members.is_member,
        members.exclusion_reason as reason,
        if(members.is_member, members.yi, null) as yi,
        if(members.is_member, members.vi, null) as vi, members.weight
    from main.fct_analysis_members as members
    left join main.dim_meta_analyses as analyses using (meta_analysis_id)
    order by members.analysis_id, members.effect_id, members.policy_id
    """,
)

GRADES = Results(
    """
    grade_id varchar, analysis_id varchar, policy_id varchar, effect_id varchar,
    meta_analysis_id varchar, label varchar, scheme varchar, scheme_label varchar, status varchar,
    grade_label varchar, place bigint
    """,
    _needs("main.fct_evidence_grades", "main.dim_grades"),
    """
    select
        found.grade_id, found.analysis_id, found.policy_id, found.effect_id,
        found.meta_analysis_id, found.label, found.scheme, found.scheme_label, found.status,
        found.grade_label, grades.place
    from main.fct_evidence_grades as found
    left join main.dim_grades as grades
        on found.scheme = grades.scheme and found.grade = grades.grade
    order by found.grade_id
    """,
)

CONCLUSIONS = Results(
    """
    conclusion_id varchar, analysis_id varchar, label varchar, sort_order bigint, topic varchar,
    words varchar
    """,
    _needs(
        "reports.rpt_conclusions",
        "main.fct_published_conclusions",
        "staging.stg_protocol__conclusion_verdicts",
    ),
    """
    select
        analysis_id as conclusion_id, analysis_id, headline_label as label, sort_order, topic, words
    from (
        unpivot (
            select analysis_id, headline_label, sort_order, columns('_text$')
            from reports.rpt_conclusions
        )
        on columns('_text$') into name topic value words
    )

    union all

    select
        found.conclusion_source_id, null, found.plain, found.sort_order,
        'verdict of ' || found.source, verdicts.label
    from main.fct_published_conclusions as found
    inner join staging.stg_protocol__conclusion_verdicts as verdicts using (verdict)
    order by conclusion_id, topic
    """,
)

VERSIONS = Results(
    "component varchar, role varchar, version varchar",
    _needs("main.dim_versions"),
    "select component, role, version from main.dim_versions order by component",
)

RESULTS: Mapping[str, Results] = {
    "pools": POOLS,
    "members": MEMBERS,
    "grades": GRADES,
    "conclusions": CONCLUSIONS,
    "versions": VERSIONS,
}
"""Every table of results by its name."""


def keep_sheets(
    connection: duckdb.DuckDBPyConnection,
    history: History,
    versions: Mapping[str, str],
    contract: Mapping[str, Sheet],
    before: Mapping[str, Part],
) -> dict[str, Part]:
    """Keep the sheets of a warehouse that the history does not have yet; returns all by name.

    versions  a hash of the cells of each sheet, by its name
    before    the sheets of the publish before, by name

    Raises OSError and duckdb.Error.
    """
    parts = {}
    for name, version in versions.items():
        part = before.get(name)
        if not part or not part.file.startswith(version) or not history.is_whole(part):
            part = _kept(connection, history, f'from raw."{name}"', f"{version}-{{}}.parquet")
        parts[name] = replace(part, **_described(contract.get(name)))
    return parts


def _described(sheet: Sheet | None) -> dict[str, str | tuple[str, ...]]:
    """What a part says of its sheet; the readings come with the sheets and are none."""
    if sheet is None:
        return {"folder": READINGS_FOLDER}
    texts = tuple(name for name, column in sheet.kinds.items() if column.kind == TEXT)
    return {"folder": sheet.folder, "key": sheet.key, "texts": texts}


def keep_results(connection: duckdb.DuckDBPyConnection, history: History) -> dict[str, Part]:
    """Keep the tables of results that a warehouse has; returns them by name.

    Raises OSError and duckdb.Error.
    """
    found = set(
        connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    )
    return {
        name: _kept(connection, history, results.query, "{}.parquet")
        for name, results in RESULTS.items()
        if results.needs <= found
    }


def _kept(connection: duckdb.DuckDBPyConnection, history: History, query: str, file: str) -> Part:
    target = str(history.unfinished()).replace("'", "''")
    (n_rows,) = connection.execute(WRITE.format(query=query, file=target)).fetchone()
    name, checksum = history.add(file)
    return Part(name, checksum, n_rows)
