"""dbt-duckdb plugin: tells the stamp of `dbt build` what program and sheets it builds from.

In profiles.yml: ``plugins: [{module: umbrella.building.dbt_plugin, alias: building}]``; used by
macros/engine/stamp.sql.
"""

import os

from dbt.adapters.duckdb.plugins import BasePlugin

from umbrella.building.compilation import program_key
from umbrella.project import SHEETS_VARIABLE, project_dir
from umbrella.sheets.sources import Sources


def build_sources() -> dict[str, str]:
    """The checksums of the program and of the sheets that dbt loads as seeds, and their folder."""
    project = project_dir()
    sources = Sources.of(project / os.environ.get(SHEETS_VARIABLE, "seeds"))
    return {
        "program": program_key(project),
        "sheets": sources.checksum,
        "folder": sources.folder,
    }


class Plugin(BasePlugin):
    """Hooks that dbt-duckdb calls."""

    def configure_connection(self, conn):
        """Register the function when dbt opens the database."""
        names = ("program", "sheets", "folder")
        kind = f"struct({', '.join(f'{name} varchar' for name in names)})"
        conn.create_function("build_sources", build_sources, [], kind)
