"""The functions that the statements of a plan call, and the tables that come with them."""

import re
from collections.abc import Iterable

import duckdb
import pyarrow as pa

from umbrella.building.plan import Step


def register_what_is_called(connection: duckdb.DuckDBPyConnection, steps: Iterable[Step]) -> None:
    """Register the statistical functions, which takes a moment, if one of the steps calls any."""
    import python_udfs

    names = "|".join(re.escape(udf.name) for udf in python_udfs.CATALOGUE)
    call = re.compile(rf"\b(?:{names})\s*\(")
    if any(call.search(step.query) for step in steps):
        python_udfs.register(connection)


def source_table(name: str) -> pa.Table:
    """A source table that the functions bring with them."""
    from python_udfs.sources import TABLES

    return TABLES[name]()
