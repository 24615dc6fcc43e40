"""Four threads give the result of one: kernels keep no state."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import duckdb

import python_udfs

QUERY = """
    select
        group_id,
        pool(list(yi order by study_id), list(vi order by study_id),
             {'tau2_method': ['REML', 'DL', 'PM', 'CE'][1 + group_id % 4]}) as fit,
        se_from_p(any_value(yi order by study_id), 0.02) as recovered
    from (select * replace (group_id * 10 + copy as group_id) from studies, range(10) as t (copy))
    group by group_id
    order by group_id
"""


def run(con, studies, threads):
    con.register("studies", studies)
    con.execute(f"set threads = {threads}")
    return con.execute(QUERY).fetchall()


def test_four_threads_equal_one(con, studies):
    one = run(con, studies, 1)
    assert len(one) > 20 * 2048
    assert run(con, studies, 4) == one


def test_lists_without_an_order_keep_their_pairs(con, studies):
    con.register("studies", studies)
    con.execute("set threads = 4")
    lists = con.execute("""
        select list(yi), list(vi), list(yi order by study_id), list(vi order by study_id)
        from (select * from studies order by hash(yi)) group by group_id
    """).fetchall()
    for yis, vis, yis_ordered, vis_ordered in lists:
        pairs, ordered = zip(yis, vis, strict=True), zip(yis_ordered, vis_ordered, strict=True)
        assert sorted(pairs, key=repr) == sorted(ordered, key=repr)


def test_connections_side_by_side(studies):
    def work(_):
        con = python_udfs.register(duckdb.connect())
        rows = run(con, studies.slice(0, 4000), 1)
        con.close()
        return rows

    with ThreadPoolExecutor(4) as workers:
        results = list(workers.map(work, range(4)))
    assert all(result == results[0] for result in results)


FIRST_CALLS = """
from threading import Barrier, Thread
import duckdb
import python_udfs

con = python_udfs.register(duckdb.connect())
con.execute("set threads = 4")
con.execute("create table t as select (i + 1) / 2.5e5 as x from range(250000) as r (i)")
query = '''
    select sum(hash(p_from_z(x))), sum(hash(se_from_p(x, 0.02))),
        sum(hash(fail_safe_n([x, 0.3], [0.1, 0.2]))), sum(hash(asymmetry_index(x, 0, 1, 'linear')))
    from t
'''
together, rows = Barrier(4), []

def call():
    cursor = con.cursor()
    together.wait()
    rows.append(cursor.execute(query).fetchall())

threads = [Thread(target=call) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert rows == [con.execute(query).fetchall()] * 4, rows
"""


def test_first_calls_at_once():
    """In a new process, whose kernels are loaded by the first of many threads that call them."""
    subprocess.run([sys.executable, "-c", FIRST_CALLS], check=True, timeout=300)


def test_cursors_share_the_functions(con):
    cursor = con.cursor()
    assert cursor.execute("select p_from_z(0)").fetchall() == [(1.0,)]
