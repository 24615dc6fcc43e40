"""How the time of refits of one meta-analysis grows with its number of studies.

usage: python -m benchmarks.refits [--studies 1000 2000 4000 8000] [--runs 3]

Prints the time of each function in SQL for lists of these lengths, in times the one before, and the
power of the number of studies that fits the first and the last: 1 is linear, 2 quadratic. KR, whose
interval is made from the studies of each fit, is there for comparison.
"""

import argparse
import math

import duckdb

import python_udfs
from benchmarks.timing import report, shortest

STUDIES = """
    create or replace table lists as
    select list(yi order by study) as yis, list(vi order by study) as vis
    from (
        select
            i as study,
            0.3 + 0.5 * (random() + random() + random() - 1.5) as yi,
            0.005 + 0.3 * random() as vi
        from range({studies}) as rows (i)
    )
"""
CALLS = {
    "leave_one_out": "leave_one_out(yis, vis)",
    "cumulative": "cumulative(yis, vis)",
    "influence": "influence(yis, vis)",
    "baujat": "baujat(yis, vis)",
    "leave_one_out, KR": "leave_one_out(yis, vis, {'ci_method': 'KR'})",
}


def power(first, last, times: float) -> float:
    """The power of the number of studies by which the processor time grew."""
    return math.log(last.cpu / first.cpu) / math.log(times)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refits")
    parser.add_argument("--studies", type=int, nargs="+", default=[1000, 2000, 4000, 8000])
    parser.add_argument("--runs", type=int, default=3, help="the shortest of them counts")
    given = parser.parse_args()
    con = python_udfs.register(duckdb.connect())
    con.execute("select setseed(0.5)")
    timings = {name: [] for name in CALLS}
    for studies in given.studies:
        con.execute(STUDIES.format(studies=studies))
        for name, call in CALLS.items():
            statement = f"select {call} from lists"
            if not timings[name]:
                con.execute(statement).fetchall()  # compiles
            before = timings[name][-1] if timings[name] else None
            timings[name].append(
                shortest(lambda s=statement: con.execute(s).fetchall(), given.runs)
            )
            report(f"{name}, {studies:,} studies", timings[name][-1], before)
    if len(given.studies) > 1:
        for name, found in timings.items():
            grown = power(found[0], found[-1], given.studies[-1] / given.studies[0])
            print(f"{name:<52} grows with studies to the power {grown:.2f}")


if __name__ == "__main__":
    main()
