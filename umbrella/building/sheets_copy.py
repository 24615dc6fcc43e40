"""Give dbt the checked sheets in one plain form.

DuckDB guesses the form of each CSV file that dbt loads, and guesses wrongly or gives up on files
that spreadsheet programs write every day: mixed line endings, a byte order mark, the first quote
after many thousand rows, a path with an apostrophe. The copy has the same cells in the same rows
(UTF-8, commas, line feeds, every cell quoted), so that row numbers stay those of the spreadsheet.
The copy also keeps the typed sheets safe: dbt writes over seeds that are named by an absolute path.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from umbrella.sheets.contract import Sheet
from umbrella.sheets.reading import Table


def copy_sheets(tables: Mapping[Sheet, Table], folder: Path) -> None:
    """Write each table to `folder/<sheet folder>/<sheet name>.csv`."""
    for sheet, table in tables.items():
        path = folder / sheet.file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(table.header)
            writer.writerows(table.rows)
