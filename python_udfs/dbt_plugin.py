"""dbt-duckdb plugin: registers the functions, and offers the tables of sources.py.

In profiles.yml: ``plugins: [{module: python_udfs.dbt_plugin, alias: python_udfs}]``. A source table
names ``plugin: python_udfs`` in its config.
"""

from dbt.adapters.duckdb.plugins import BasePlugin

from python_udfs.register import register
from python_udfs.sources import TABLES


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
