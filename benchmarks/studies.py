"""Generated studies for the benchmarks, in a DuckDB table: id, study, yi, vi."""

STUDIES_EACH = 10
CHUNK = 10_000_000

# Three uniform numbers make the normal one: exact normality is not the point, ordinary data is.
ROWS = """
    select
        (i // {each})::integer as id,
        (i % {each})::integer as study,
        0.3 + 0.5 * (random() + random() + random() - 1.5) as yi,
        0.02 + 0.1 * random() as vi
    from range({start}, {stop}) as rows (i)
    {order}
"""


def make_studies(con, rows: int, shuffled: bool = False, table: str = "studies") -> None:
    """Fill ``table`` with ``rows`` studies, ten to a meta-analysis, always the same ones.

    In order of id and study, or ``shuffled``. In pieces, so that memory stays bounded.
    """
    con.execute(
        f"create or replace table {table} (id integer, study integer, yi double, vi double)"
    )
    con.execute("set threads = 1")
    con.execute("select setseed(0.5)")
    order = "order by random()" if shuffled else ""
    for start in range(0, rows, CHUNK):
        stop = min(rows, start + CHUNK)
        query = ROWS.format(each=STUDIES_EACH, start=start, stop=stop, order=order)
        con.execute(f"insert into {table} {query}")
