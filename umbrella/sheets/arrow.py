"""The cells of a sheet as DuckDB takes them."""

import pyarrow as pa

from umbrella.sheets.reading import Table
from umbrella.sheets.rows import in_blocks


def as_text(sheet: Table) -> pa.Table:
    """The cells as text; an empty cell is NULL."""
    schema = pa.schema([(name, pa.string()) for name in sheet.header])
    batches = [_batch(block, schema) for block in in_blocks(sheet.rows)]
    return pa.Table.from_batches(batches, schema)


def _batch(rows: list[list[str]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        pa.array([cell or None for cell in column], pa.string())
        for column in zip(*rows, strict=True)
    ]
    return pa.record_batch(columns, schema)
