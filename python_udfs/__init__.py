"""Numerical kernels of the umbrella warehouse, and their SQL face in DuckDB.

>>> import python_udfs
>>> con = python_udfs.connect()          # the warehouse, read only, with every function registered
>>> python_udfs.register(duckdb_connection)   # the same functions on any other connection

The functions are listed in :data:`python_udfs.CATALOGUE`. Numba and SciPy are imported when one of
them is first called, so that connecting stays quick.
"""

from python_udfs.catalogue import CATALOGUE
from python_udfs.connect import connect
from python_udfs.register import register
from python_udfs.whole import NotWholeError, WarehouseError

__all__ = ["CATALOGUE", "NotWholeError", "WarehouseError", "connect", "register"]
