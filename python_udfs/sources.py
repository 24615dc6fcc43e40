"""Tables about the functions, which models read as sources."""

from python_udfs.catalogue import as_arrow

TABLES = {"udf_catalogue": as_arrow}
"""Name of a source table to the function that makes it."""
