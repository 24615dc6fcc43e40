"""A million meta-analyses of ten studies in one SQL statement, beside what else there is.

    python -m benchmarks.pool_million                    ratios, growth, peers
    python -m benchmarks.pool_million --rows 100000000   that many rows under 4 GB of memory

REML, Hartung-Knapp interval and prediction interval, with everything else ``pool`` returns. See
README.md for what is compared with what.
"""

import argparse
import tempfile
from pathlib import Path

import duckdb

import python_udfs
from benchmarks.peers import PEERS
from benchmarks.studies import STUDIES_EACH, make_studies
from benchmarks.timing import Timing, report, shortest, shortest_of_each

OPTIONS = "{'tau2_method': 'REML', 'ci_method': 'HK', 'pi_method': 'HTS'}"
ORDERED = ("list(yi order by study)", "list(vi order by study)")
UNORDERED = ("list(yi)", "list(vi)")

# Each query is read to its end by an aggregate over all groups, so that nothing is left out and
# no result is carried to Python.
BARE_SUM = """
    select count(*), sum(y), sum(v)
    from (select id, sum(yi) as y, sum(vi) as v from {table} group by id)
"""
LISTS = """
    select count(*), sum(len(yis)), sum(len(vis))
    from (select id, {yis} as yis, {vis} as vis from {table} group by id)
"""
POOL = """
    select count(*), sum(fit.estimate), sum(fit.pi_high), count(*) filter (fit.status = 'ok')
    from (select id, pool({yis}, {vis}, {options}) as fit from {table} group by id)
"""
POOL_STORED = """
    select count(*), sum(fit.estimate), sum(fit.pi_high), count(*) filter (fit.status = 'ok')
    from (select pool(yis, vis, {options}) as fit from stored)
"""


def pooled(lists, table="studies") -> str:
    yis, vis = lists
    return POOL.format(yis=yis, vis=vis, options=OPTIONS, table=table)


def listed(lists, table="studies") -> str:
    yis, vis = lists
    return LISTS.format(yis=yis, vis=vis, table=table)


STORE = """
    create or replace table stored as
    select list(yi) as yis, list(vi) as vis from studies group by id
"""
SUM = "grouped sum(yi), sum(vi)"
POOL_ALONE = "pool of stored lists"
NOT_ORDERED = "pool of grouped lists, not ordered"
WHOLE = "pool of grouped lists, ordered"
STATEMENTS = {
    SUM: BARE_SUM.format(table="studies"),
    "grouped lists, not ordered (DuckDB alone)": listed(UNORDERED),
    "grouped lists, ordered (DuckDB alone)": listed(ORDERED),
    POOL_ALONE: POOL_STORED.format(options=OPTIONS),
    NOT_ORDERED: pooled(UNORDERED),
    WHOLE: pooled(ORDERED),
}


def runner(con, sql):
    """A function that runs the statement to its end."""
    return lambda: con.execute(sql).fetchall()


def compare_with_sum(con, meta_analyses: int, runs: int, shuffled: bool) -> dict[str, Timing]:
    """Print what each statement costs in units of the bare grouped sum; their times."""
    make_studies(con, meta_analyses * STUDIES_EACH, shuffled)
    con.execute("set threads = 2")
    order = "shuffled rows" if shuffled else "rows in order"
    print(f"\n{meta_analyses:,} meta-analyses of {STUDIES_EACH} studies, {order}, 2 threads")
    con.execute(STORE)
    times = shortest_of_each({name: runner(con, sql) for name, sql in STATEMENTS.items()}, runs)
    for name, timing in times.items():
        report(name, timing, times[SUM])
    con.execute("drop table stored")
    return times


def growth(con, whole: Timing, meta_analyses: int, runs: int) -> None:
    """Print the time per meta-analysis for a tenth, three tenths and all of them."""
    print("\ngrowth: time per million meta-analyses, relative to all of them (1 is linear)")
    whole = whole / (meta_analyses / 1e6)
    for share in (0.1, 0.3):
        count = int(meta_analyses * share)
        make_studies(con, count * STUDIES_EACH)
        con.execute("set threads = 2")
        part = shortest(runner(con, pooled(ORDERED)), runs)
        report(f"{count:,} meta-analyses", part / (count / 1e6), whole)
    report(f"{meta_analyses:,} meta-analyses", whole, whole)


def compare_with_peers(con, times: dict[str, Timing], meta_analyses: int) -> None:
    """Print the time per fit of each peer that is installed, in units of each way to ours."""
    make_studies(con, 3000)
    groups = con.execute(
        f"select {', '.join(ORDERED)} from studies group by id order by id"
    ).fetchall()
    for peer, time_fits in PEERS.items():
        timing = time_fits(groups)
        print(f"\n{peer}: {'not installed' if timing is None else 'per fit, in times ours'}")
        for name in (WHOLE, NOT_ORDERED, POOL_ALONE) if timing else ():
            report(f"  beside {name}", timing / len(groups), times[name] / meta_analyses)


def bounded_memory(rows: int) -> None:
    """Pool ``rows`` studies in a database file under a 4 GB memory limit."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        con = python_udfs.register(duckdb.connect(str(Path(folder) / "studies.duckdb")))
        con.execute("set enable_progress_bar = false")
        con.execute("set memory_limit = '4GB'")
        con.execute(f"set temp_directory = '{folder}/spill'")
        make_studies(con, rows)
        con.execute("set threads = 2")
        print(f"{rows:,} rows, {rows // STUDIES_EACH:,} meta-analyses, memory_limit 4GB, 2 threads")
        bare = shortest(runner(con, BARE_SUM.format(table="studies")), 1)
        report("grouped sum(yi), sum(vi)", bare, bare)
        report("pool of grouped lists, ordered", shortest(runner(con, pooled(ORDERED)), 1), bare)
        con.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pool_million")
    parser.add_argument("--meta-analyses", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5, help="the shortest of them counts")
    parser.add_argument("--shuffled", action="store_true", help="also with rows in random order")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--rows", type=int, help="only pool this many rows under 4 GB of memory")
    given = parser.parse_args()
    if given.rows:
        bounded_memory(given.rows)
        return
    con = python_udfs.register(duckdb.connect())
    con.execute("set enable_progress_bar = false")
    con.execute(f"select pool([0.1, 0.2, 0.4], [0.1, 0.1, 0.1], {OPTIONS})")  # compiles
    times = compare_with_sum(con, given.meta_analyses, given.runs, shuffled=False)
    if given.shuffled:
        compare_with_sum(con, given.meta_analyses, given.runs, shuffled=True)
    growth(con, times[WHOLE], given.meta_analyses, given.runs)
    if not given.without_peers:
        compare_with_peers(con, times, given.meta_analyses)


if __name__ == "__main__":
    main()
