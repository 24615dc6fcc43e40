"""Every subset of twenty studies, pooled by REML in one SQL statement, beside metafor's gosh().

python -m benchmarks.gosh
"""

import argparse

import duckdb

import python_udfs
from benchmarks.peers import metafor_gosh
from benchmarks.timing import report, shortest

STUDIES = """
    create table studies as
    select
        i as study,
        0.3 + 0.5 * (random() + random() + random() - 1.5) as yi,
        0.02 + 0.1 * random() as vi
    from range({studies}) as rows (i)
"""
GOSH = """
    select count(*), sum(estimate), sum(tau2)
    from (
        select unnest(fits.estimate) as estimate, unnest(fits.tau2) as tau2
        from (
            select gosh(list(yi order by study), list(vi order by study)) as fits
            from studies
        )
    )
"""
PEER_SUBSETS = 3000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gosh")
    parser.add_argument("--studies", type=int, default=20, help="2^studies - 1 subsets")
    parser.add_argument("--runs", type=int, default=3, help="the shortest of them counts")
    parser.add_argument("--without-peers", action="store_true")
    given = parser.parse_args()
    con = python_udfs.register(duckdb.connect())
    con.execute("select gosh([0.1, 0.2, 0.4], [0.1, 0.1, 0.1])")  # compiles
    con.execute("select setseed(0.5)")
    con.execute(STUDIES.format(studies=given.studies))
    subsets = 2**given.studies - 1
    ours = shortest(lambda: con.execute(GOSH).fetchall(), given.runs)
    report(f"gosh of {subsets:,} subsets, REML", ours)
    report("per subset", ours / subsets)
    if given.without_peers:
        return
    studies = con.execute("select list(yi order by study), list(vi order by study) from studies")
    peer = metafor_gosh(studies.fetchall()[0], PEER_SUBSETS)
    if peer is None:
        print("metafor: not installed")
    else:
        report("metafor gosh, per subset, in times ours", peer / PEER_SUBSETS, ours / subsets)


if __name__ == "__main__":
    main()
