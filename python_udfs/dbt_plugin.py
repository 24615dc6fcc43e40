"""dbt-duckdb plugin: registers the functions, and offers their catalogue as a source.

In profiles.yml: ``plugins: [{module: python_udfs.dbt_plugin, alias: python_udfs}]``. A source table
with ``plugin: python_udfs`` in its config reads the catalogue.
"""

from dbt.adapters.duckdb.plugins import BasePlugin

from python_udfs.catalogue import as_arrow
from python_udfs.register import register

TABLES = {"udf_catalogue": as_arrow}


class Plugin(BasePlugin):
    """Hooks that dbt-duckdb calls."""

    def configure_connection(self, conn):
        """Register every function when dbt opens the database."""
        register(conn)

    def load(self, source_config):
        """Arrow table for a source; ValueError, with the valid names, for any other table."""
        identifier = source_config.identifier
        if identifier not in TABLES:
            raise ValueError(f"unknown source table {identifier!r}; valid: {', '.join(TABLES)}")
        return TABLES[identifier]()
