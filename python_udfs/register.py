"""Registration of every function of the catalogue on a DuckDB connection."""

from functools import cache
from inspect import Parameter, Signature

from python_udfs.catalogue import CATALOGUE, Udf


@cache
def _function(udf: Udf):
    """Function of Arrow columns that loads its kernel, with Numba and SciPy, when first called.

    DuckDB may call it first from several threads at once. Python then imports each module once, and
    Numba loads compiled code under a lock; the threads at most make equal functions of one kernel.
    """

    def call(*columns):
        return _loaded(udf)(*columns)

    call.__name__ = udf.name
    if udf.sql_parameters is not None:  # DuckDB counts the parameters of what it registers
        names = [argument.name for argument in udf.arguments]
        call.__signature__ = Signature(Parameter(n, Parameter.POSITIONAL_ONLY) for n in names)
    return call


@cache
def _loaded(udf: Udf):
    from python_udfs.arrow import arrow_function

    return arrow_function(udf)


def register(con):
    """Register all functions on ``con`` (a duckdb connection) and return ``con``.

    Kernels see NULLs themselves (``null_handling='special'``), and their errors reach SQL as they
    are. A connection that already has them is left as it is.
    """
    functions = con.sql(
        "select function_name from duckdb_functions() where function_type = 'scalar'"
    ).fetchall()
    present = {name for (name,) in functions}
    for udf in CATALOGUE:
        if udf.name not in present:
            con.create_function(
                udf.name,
                _function(udf),
                udf.sql_parameters,
                udf.sql_return_type,
                type="arrow",
                null_handling="special",
            )
    return con
