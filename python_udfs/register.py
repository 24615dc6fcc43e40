"""Registration of every function of the catalogue on a DuckDB connection."""

from functools import cache

from python_udfs.catalogue import CATALOGUE, Udf


@cache
def _arrow_function(udf: Udf):
    from python_udfs.arrow import arrow_function

    return arrow_function(udf)


def register(con):
    """Register all functions on ``con`` (a duckdb connection) and return ``con``.

    Kernels see NULLs themselves (``null_handling='special'``), and their errors reach SQL as they
    are. A connection that already has them is left as it is. Numba and SciPy are imported here, at
    the first call.
    """
    functions = con.sql(
        "select function_name from duckdb_functions() where function_type = 'scalar'"
    ).fetchall()
    present = {name for (name,) in functions}
    for udf in CATALOGUE:
        if udf.name not in present:
            con.create_function(
                udf.name,
                _arrow_function(udf),
                udf.sql_parameters,
                udf.sql_return_type,
                type="arrow",
                null_handling="special",
            )
    return con
