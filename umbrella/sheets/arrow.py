"""The cells of a sheet as DuckDB takes them."""

from collections.abc import Iterator

import pyarrow as pa

from umbrella.sheets.reading import Table
from umbrella.sheets.rows import ROW_NUMBER, in_blocks


def as_text(table: Table) -> pa.Table:
    """The cells as text, an empty one as NULL, behind the number of each row."""
    schema = pa.schema([(name, pa.string()) for name in table.header])
    cells = pa.Table.from_batches(_batches(table, schema), schema)
    if ROW_NUMBER in table.header:
        return cells
    return cells.add_column(0, ROW_NUMBER, pa.array(table.numbers(), pa.int64()))


def _batches(table: Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for block in in_blocks(table.rows):
        columns = [
            pa.array([cell or None for cell in column], pa.string())
            for column in zip(*block, strict=True)
        ]
        yield pa.record_batch(columns, schema)
