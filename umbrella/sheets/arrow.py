"""The cells of a sheet as DuckDB takes them."""

import pyarrow as pa

from umbrella.sheets.reading import Table


def as_text(sheet: Table) -> pa.Table:
    """The cells as text; an empty cell is NULL."""
    columns = [
        pa.array([row[i] or None for row in sheet.rows], pa.string())
        for i in range(len(sheet.header))
    ]
    return pa.table(columns, names=sheet.header)
