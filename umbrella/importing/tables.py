"""Tables of results and of trials: a mapping is proposed, or taken from a map, and then used."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from umbrella.errors import UmbrellaError
from umbrella.importing.contents import cells_of
from umbrella.importing.layout import Layout
from umbrella.importing.map_writing import Shown
from umbrella.importing.maps import READERS, USUAL_KIND, TableMap, kind_of_table
from umbrella.importing.printed import Body
from umbrella.importing.results import read_source, texts_of_outcomes
from umbrella.importing.rows import Imported
from umbrella.importing.source import Source
from umbrella.sheets.problems import Problem

PROGRAMS = {
    "metaumbrella": {"meta_review", "factor", "author", "year", "measure"},
    "Metapsy": {"study", "condition_arm1", "condition_arm2"},
}
"""Columns by which the sheets of programs are told, which a map can still read otherwise."""


def read_tables(
    path: Path, of: str, layout: Layout, table_map: TableMap | None = None
) -> list[tuple[Source, Imported]]:
    """The rows of each worksheet that is meant; what is wrong is noted in its source.

    `layout` says what each column holds (then it is of a map), or that is proposed first.
    """
    return [
        _read_one(path, of, layout, worksheet, table_map)
        for worksheet in layout.worksheets or ("",)
    ]


def _read_one(
    path: Path, of: str, layout: Layout, worksheet: str, table_map: TableMap | None
) -> tuple[Source, Imported]:
    source, body = read_source(path, layout, worksheet, READERS[of].is_known)
    told: list[str] = []
    if table_map:
        layout, told = table_map.on(source)
        if source.problems:
            return source, Imported()
    else:
        refuse_sheets_of_programs(source)
    imported = READERS[of].read_rows(source, layout, body)
    imported.notices[:0] = told
    return source, imported


def refuse_sheets_of_programs(source: Source) -> None:
    """Raises UmbrellaError for a sheet that has an import of its own, which knows what it means."""
    names = {"_".join(name.lower().split()) for name in source.table.header}
    for program, wanted in PROGRAMS.items():
        if wanted <= names:
            raise UmbrellaError(
                f"{source.path.name}: the columns are those of {program}'s sheet\n"
                f"right: umbrella import {program.lower()} {source.path.name}"
            )


def propose_map(
    path: Path, of: str, layout: Layout
) -> tuple[str, Layout, Shown, tuple[Source, Imported]]:
    """The kind of a table, its layout with what each column holds, and what is shown of it.

    The table is read as an import would read it: what is then asked are questions of the map.
    """
    worksheet = layout.worksheets[0] if layout.worksheets else ""
    source, body = _begun(path, of, layout, worksheet)
    refuse_sheets_of_programs(source)
    of = of or kind_of_table(source.table.header, layout)
    layout = replace(layout, kind=layout.kind or USUAL_KIND.get(of, ""))
    source, body = _begun(path, of, layout, worksheet)
    layout = READERS[of].propose(source, layout, body)
    examples = {name: _example(source, name) for name in source.table.header if name.strip()}
    imported = READERS[of].read_rows(source, layout, body)
    layout = replace(layout, kind=layout.kind or imported.review_kind)
    may_be_outcome = () if of == "trials" else texts_of_outcomes(source, layout.roles or {}, ())
    questions = _questions(source.problems)
    shown = Shown(
        path.name, layout.worksheets, body.header, examples, questions, tuple(may_be_outcome)
    )
    return of, layout, shown, (source, imported)


def _begun(path: Path, of: str, layout: Layout, worksheet: str) -> tuple[Source, Body]:
    return read_source(path, layout, worksheet, READERS[of or "results"].is_known)


def _example(source: Source, name: str) -> str:
    return next(iter(cells_of(source, name)), "")


def _questions(problems: Sequence[Problem]) -> list[Problem]:
    """What is to be answered of the table as a whole, and of its cells the first few."""
    of_table = [problem for problem in problems if problem.row in (None, 1)]
    of_cells = [problem for problem in problems if problem.row not in (None, 1)]
    return of_table + of_cells[: 0 if of_table else 5]
