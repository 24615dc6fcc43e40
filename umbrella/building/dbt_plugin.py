"""dbt-duckdb plugin: gives `dbt build` the stamp to begin with.

In profiles.yml: ``plugins: [{module: umbrella.building.dbt_plugin, alias: building}]``; used by
macros/engine/stamp.sql.
"""

import os

from dbt.adapters.duckdb.plugins import BasePlugin

from umbrella.building.compilation import program_key
from umbrella.building.stamp import STATE
from umbrella.project import SHEETS_VARIABLE, project_dir
from umbrella.sheets.sources import Sources


def build_begun() -> dict[str, object]:
    """The row of `build.state` of a build that begins: its program, the seeds and their folder."""
    project = project_dir()
    sources = Sources.of(project / os.environ.get(SHEETS_VARIABLE, "seeds"))
    return dict.fromkeys(STATE) | {
        "is_complete": False,
        "program": program_key(project),
        "sheets": sources.checksum,
        "folder": sources.folder,
    }


class Plugin(BasePlugin):
    """Hooks that dbt-duckdb calls."""

    def configure_connection(self, conn):
        """Register the function when dbt opens the database."""
        kind = f"struct({', '.join(map(' '.join, STATE.items()))})"
        conn.create_function("build_begun", build_begun, [], kind)
