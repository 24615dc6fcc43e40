"""The rows of a sheet, kept small: a million rows of sixty cells as Python lists take gigabytes."""

import marshal
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import overload

ROW_NUMBER = "row_number"
"""The column that tells the row as a spreadsheet shows it; a sheet has none of this name."""

ROWS_PER_BLOCK = 1000


def in_blocks(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """The rows, a thousand at a time."""
    remaining = iter(rows)
    while block := list(islice(remaining, ROWS_PER_BLOCK)):
        yield block


class Rows(Sequence[list[str]]):
    """Rows of cells in their order, which cannot be changed; each row is made when it is read."""

    def __init__(self, records: Iterable[list[str]]) -> None:
        """Take rows from any source: no more than a block of them is held as lists."""
        self._blocks: list[bytes] = []
        self._length = 0
        for block in in_blocks(records):
            self._blocks.append(marshal.dumps(block))
            self._length += len(block)

    def without_blank_end(self) -> "Rows":
        """The rows up to the last one that has a cell with a character."""
        while self._blocks:
            block = marshal.loads(self._blocks.pop())
            self._length -= len(block)
            while block and not any(block[-1]):
                block.pop()
            if block:
                self._blocks.append(marshal.dumps(block))
                self._length += len(block)
                break
        return self

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[list[str]]:
        return chain.from_iterable(map(marshal.loads, self._blocks))

    @overload
    def __getitem__(self, index: int) -> list[str]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[str]]: ...
    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._length))]
        block, place = divmod(range(self._length)[index], ROWS_PER_BLOCK)
        return marshal.loads(self._blocks[block])[place]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            ours == theirs for ours, theirs in zip(self, other, strict=True)
        )

    __hash__ = None
