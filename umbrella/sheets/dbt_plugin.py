"""dbt-duckdb plugin: offers the readings of the sheets, which `umbrella build` has with the cells.

In profiles.yml: ``plugins: [{module: umbrella.sheets.dbt_plugin, alias: sheets}]``. The source
names ``plugin: sheets`` in its config.
"""

import os

from dbt.adapters.duckdb.plugins import BasePlugin

from umbrella.project import SHEETS_VARIABLE, project_dir
from umbrella.sheets.arrow import as_text
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract
from umbrella.sheets.readings import READINGS


class Plugin(BasePlugin):
    """Hooks that dbt-duckdb calls."""

    def load(self, source_config):
        """Arrow table of the readings of the sheets that dbt loads as seeds."""
        if source_config.identifier != READINGS:
            raise ValueError(
                f"unknown source table {source_config.identifier!r}; valid: {READINGS}"
            )
        project = project_dir()
        folder = project / os.environ.get(SHEETS_VARIABLE, "seeds")
        return as_text(check_sheets(folder, read_contract(project)).by_name()[READINGS])
