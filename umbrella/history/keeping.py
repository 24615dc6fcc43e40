"""Keep a publish in the history: before the warehouse takes its place, and after.

What cannot be kept stops no publish: results must not depend on their past. It is told, and the
next publish knows of the gap.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from umbrella.building.plan import Plan
from umbrella.console import notice
from umbrella.errors import UmbrellaError
from umbrella.history.compare import compare
from umbrella.history.entries import Entry
from umbrella.history.kept import keep_results, keep_sheets
from umbrella.history.store import History, identity_in, identity_of
from umbrella.history.words import summary
from umbrella.sheets.contract import Sheet
from umbrella.sheets.sources import Sources

FIRST = "The first publish that is kept."
UNTOLD = "What changed since publish {number} cannot be told: a table of it is damaged or gone."


@dataclass(frozen=True)
class Publish:
    """What a build knows of a publish, beside the warehouse itself."""

    plan: Plan
    contract: Iterable[Sheet]
    sources: Sources
    is_draft: bool
    rolled_back_to: int | None = None


class Keeping:
    """Keeps one publish: `begin` before the warehouse takes its place, `complete` after."""

    def __init__(self, published: Path, publish: Publish, limit: int) -> None:
        """Keep a publish of the file `published`, and at most `limit` of all."""
        self._history = History(published)
        self._publish = publish
        self._limit = limit
        self._last: Entry | None = None
        self._entry: Entry | None = None
        self._is_untidy = False

    def begin(self, new: Path) -> None:
        """Keep the cells and results of the new warehouse, which is not published yet."""
        if not self._limit:
            return
        try:
            self._history.make()
            self._history.settle()
            self._entry = self._entry_of(new)
            if self._entry:
                self._history.begin(self._entry)
        except (OSError, duckdb.Error, UmbrellaError) as error:
            self._give_up(error)

    def complete(self) -> None:
        """Number the publish, and drop the oldest beyond the limit; tells what changed."""
        entry = self._entry
        if entry is None:
            return
        try:
            self._history.complete(entry)
            is_full = self._history.n_entries() > self._limit
            dropped = self._history.tidy(self._limit) if is_full or self._is_untidy else []
            self._history.end_to_write()
        except (OSError, UmbrellaError) as error:
            dropped = []
            notice(
                f"This publish is kept, but the history {self._history.folder} could not be put "
                f"in order, which the next one tries again: {error}",
                style="yellow",
            )
        if self._last and self._last.number != entry.number:
            notice(f"Publish {entry.number}: {entry.sentence} More with `umbrella diff`.")
        for gone in dropped:
            notice(
                f"The history keeps {self._limit} publishes: number {gone.number}, of {gone.when}, "
                "is not kept any more."
            )

    def _give_up(self, error: Exception) -> None:
        self._entry = None
        self._history.forget_pending()
        notice(
            f"This publish is not kept in the history {self._history.folder}: "
            f"{str(error).rstrip('.')}. What is published is whole; `umbrella diff` and `umbrella "
            "rollback` will lack it.",
            style="yellow",
        )

    def _entry_of(self, new: Path) -> Entry | None:
        """The entry of the new warehouse; None when the last one is of this very file.

        Where cells and results are those of the last entry, that one is told that they are in
        another file now, and no entry is added.
        """
        self._last = last = self._history.last()
        with duckdb.connect(str(new), read_only=True, config={"threads": 1}) as connection:
            identity = identity_in(connection)
            if last and last.identity == identity:
                return None
            self._is_untidy = self._history.begin_to_write()
            entry = replace(
                self._described(connection, identity or "", last),
                is_after_gap=last is not None and self._is_another(last, new),
            )
        if last is None:
            return replace(entry, sentence=FIRST)
        if entry.holds_the_same_as(last):
            return replace(
                entry,
                number=last.number,
                published_at=last.published_at,
                sentence=last.sentence,
                n_cells=last.n_cells,
                n_rows=last.n_rows,
                n_pools=last.n_pools,
                is_after_gap=last.is_after_gap,
                rolled_back_to=last.rolled_back_to,
            )
        try:
            changes = compare(self._history, last, entry)
        except UmbrellaError as error:  # what is published now is kept all the same
            notice(f"{UNTOLD.format(number=last.number)} {error}", style="yellow")
            return replace(entry, sentence=UNTOLD.format(number=last.number))
        return replace(
            entry,
            sentence=summary(changes, is_listed=False),
            n_cells=len(changes.cells),
            n_rows=len(changes.rows),
            n_pools=len({row["analysis_id"] for row in changes.pools}),
        )

    def _described(
        self, connection: duckdb.DuckDBPyConnection, identity: str, last: Entry | None
    ) -> Entry:
        publish = self._publish
        (written_at,) = connection.execute("select written_at from build.state").fetchone()
        return Entry(
            number=last.number + 1 if last else 1,
            published_at=datetime.fromtimestamp(int(time.time()), UTC).isoformat(),
            identity=identity,
            written_at=written_at,
            folder=publish.sources.folder,
            checksum=publish.sources.checksum,
            program=publish.plan.key,
            sheets=keep_sheets(
                connection,
                self._history,
                _versions(connection, publish.plan),
                {sheet.name: sheet for sheet in publish.contract},
                last.sheets if last else {},
            ),
            results=keep_results(connection, self._history),
            is_draft=publish.is_draft,
            rolled_back_to=publish.rolled_back_to,
        )

    def _is_another(self, last: Entry, new: Path) -> bool:
        """Whether the file that is to be replaced is another than that of the last entry.

        Where it is `new` itself, which stands there already, nothing was in between.
        """
        published = self._history.database
        if new == published or not published.exists():
            return False
        if int(published.stat().st_mtime) == last.written_at:
            return False  # else the file would have to be opened
        return identity_of(published) not in (last.identity, None)


def _versions(connection: duckdb.DuckDBPyConnection, plan: Plan) -> Mapping[str, str]:
    """The hash of the cells of each sheet, as the build has noted it."""
    known = dict(connection.execute("select step, version from build.steps").fetchall())
    return {step.name: known[step.id] for step in plan.steps if step.kind == "sheet"}
