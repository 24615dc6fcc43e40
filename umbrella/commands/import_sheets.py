"""`umbrella import`: sheets of other programs as a folder of sheets."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from umbrella.commands.imported import (
    Target,
    all_or_none,
    folder_for,
    refuse_problems,
    target_of,
    write_rows,
)
from umbrella.importing import metapsy, metaumbrella, results, trials
from umbrella.importing.arms import SIDES
from umbrella.importing.cells import plain
from umbrella.importing.columns import COLUMNS, code_of_measure
from umbrella.importing.folder import UNNAMED, UNSTATED, Origin
from umbrella.importing.layout import IGNORED, Layout
from umbrella.importing.map_reading import read_map
from umbrella.importing.map_writing import right_of_map
from umbrella.importing.maps import TableMap
from umbrella.importing.rows import Declared, Imported, identifier
from umbrella.importing.source import Source, read_source
from umbrella.importing.tables import read_tables
from umbrella.project import full_path, project_dir
from umbrella.sheets.reading import read_table

File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="The sheet: CSV with any separator, or a workbook (XLSX)."),
]
Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DIR|FILE.xlsx]", help="Folder or workbook to make.", show_default=False
    ),
]
Into = Annotated[
    Path | None,
    typer.Option(
        "--into",
        metavar="REVIEW",
        help="Add to the sheets of this folder, or to a copy of this workbook.",
    ),
]
Condition = Annotated[
    str, typer.Option("--condition", help="Condition of the trials; a new code is added.")
]
Outcome = Annotated[
    str, typer.Option("--outcome", help="Code of the outcome, of the vocabulary outcomes.")
]


class Sign(StrEnum):
    """Which sign favours arm 1."""

    positive = "positive"
    negative = "negative"


class ReviewKind(StrEnum):
    """What the review is of."""

    interventions = "interventions"
    exposures = "exposures"
    mixed = "mixed"


class ResultsKind(StrEnum):
    """What a review of pooled results is of: of rates alone, too."""

    interventions = "interventions"
    exposures = "exposures"
    prevalence = "prevalence"
    mixed = "mixed"


PRESETS = {
    "interventions": "interventions",
    "exposures": "risk-factors",
    "prevalence": "prevalence",
    "mixed": "interventions",
}
"""Vocabularies of a review that is made, by its kind."""

METAPSY_PRESET = "mental-health"
"""The vocabularies that have codes for Metapsy's words."""

Read = Annotated[
    list[str] | None,
    typer.Option(
        "--read",
        metavar="WORD=MEANING",
        help="What a cell of the table means: yes, no, n/a, another word.",
    ),
]
Favours = Annotated[
    list[str] | None,
    typer.Option(
        "--favours",
        metavar="[OUTCOME=]SIGN",
        help="Which sign of a standardised mean difference favours the intervention, positive "
        "or negative: of an outcome or of all.",
    ),
]
Worksheets = Annotated[
    list[str] | None,
    typer.Option(
        "--worksheet",
        help="The worksheet of a workbook that has several; given again, others of one layout.",
    ),
]
Kind = Annotated[
    ReviewKind,
    typer.Option("--kind", help="What a review that is made is of; review.csv holds it."),
]


def metaumbrella_command(
    file: File,
    folder: Folder = None,
    into: Into = None,
    condition: Annotated[
        str,
        typer.Option(
            "--condition", help="One condition for all factors; without it each factor is one."
        ),
    ] = "",
    outcome: Outcome = UNNAMED,
    kind: Kind = ReviewKind.exposures,
) -> None:
    """Import metaumbrella's well-formatted sheet: each factor of a review is a meta-analysis.

    A factor of several reviews is pooled as one. Exposed or experimental groups become the
    intervention arm; effects keep their sign.
    """
    declared = Declared(condition, outcome)
    read = partial(metaumbrella.read_rows, declared=declared)
    origin = Origin(file.name, kind.value, PRESETS[kind.value])
    _import(file, folder, into, read, declared, origin)


def metapsy_command(
    file: File,
    folder: Folder = None,
    into: Into = None,
    condition: Condition = UNSTATED,
    outcome: Outcome = "symptom",
    meta_analysis: Annotated[
        str, typer.Option(help="Identifier of the meta-analysis; default: the name of the file.")
    ] = "",
    g_favours: Annotated[
        Sign, typer.Option(help="Sign of .g that favours arm 1; it differs between files.")
    ] = Sign.positive,
    lower_is_better: Annotated[
        bool,
        typer.Option(
            "--lower-is-better/--higher-is-better", help="For means that come without .g."
        ),
    ] = True,
    kind: Kind = ReviewKind.interventions,
) -> None:
    """Import a sheet with Metapsy's columns as one meta-analysis."""
    declared = Declared(condition, outcome)
    signs = metapsy.Signs(g_favours.value, lower_is_better)
    name = meta_analysis or identifier(file.stem)
    read = partial(metapsy.read_rows, declared=declared, signs=signs, name=name)
    origin = Origin(file.name, kind.value, METAPSY_PRESET)
    _import(file, folder, into, read, declared, origin)


def results_command(
    file: File,
    folder: Folder = None,
    into: Into = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS",
            help=f"Which column holds what; ours are {', '.join(COLUMNS)}, two of them with a "
            f"slash where one cell holds two counts, and {IGNORED}.",
        ),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[WORD=]CODE",
            help="Measure, a code of vocabulary/measures.csv, of a word in the table or of all.",
        ),
    ] = None,
    read: Read = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(
            "--unit",
            metavar="[TEXT=]UNIT",
            help="Unit of the mean differences of an outcome or a condition, or of all.",
        ),
    ] = None,
    groups: Annotated[
        str,
        typer.Option(
            "--groups",
            help=f"What rows name that head a group: {', '.join(results.GROUPED)} or {IGNORED}.",
        ),
    ] = "",
    fill: Annotated[
        list[str] | None,
        typer.Option("--fill", metavar="OURS", help="Where an empty cell means the one above it."),
    ] = None,
    condition: Annotated[str, typer.Option("--condition", help="Condition of all rows.")] = "",
    outcome: Annotated[str, typer.Option("--outcome", help="Outcome of all rows.")] = "",
    meta_analysis: Annotated[
        str, typer.Option("--meta-analysis", help="Meta-analysis of all rows.")
    ] = "",
    favours: Favours = None,
    worksheet: Worksheets = None,
    kind: Annotated[
        ResultsKind | None,
        typer.Option(
            "--kind",
            help="What a review that is made is of. Without it, interventions where a column is "
            "headed by a word for them, prevalence where all rows are percentages, else exposures.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Import a table of pooled results, one row for each that a meta-analysis reports.

    As printed in a paper, too: intervals, counts and verdicts in one cell, titles, groups and
    notes. Columns with usual names are known, others are named with --column, as in --column
    estimate=effect. Conditions, outcomes and meta-analyses are made from the texts of the table.
    """
    if groups and groups not in (*results.GROUPED, IGNORED):
        names = ", ".join((*results.GROUPED, IGNORED))
        raise typer.BadParameter(f"--groups {groups}: not understood; right: {names}")
    columns, ignored = _columns(column, COLUMNS, results.holds_of)
    layout = Layout(
        columns,
        {word: code_of_measure(code) for word, code in _pairs("--measure", measure).items()},
        _words(read),
        _pairs("--unit", unit),
        condition,
        outcome,
        meta_analysis,
        groups,
        tuple(fill or ()),
        kind=kind.value if kind else "",
        favours=signs_of(favours),
        classes=class_words(),
        ignored=ignored,
        worksheets=tuple(worksheet or ()),
    )
    _import_table(file, "results", layout, target_of(folder, into))


def trials_command(
    file: File,
    folder: Folder = None,
    into: Into = None,
    arms: Annotated[
        str,
        typer.Option(
            "--arms",
            metavar="INTERVENTION/CONTROL",
            help="What the names of columns call the two arms, where they are no usual words.",
        ),
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS",
            help=f"Which column holds what; ours are {', '.join(trials.OURS)}, two of them with "
            f"a slash where one cell holds both, and {IGNORED}.",
        ),
    ] = None,
    measure: Annotated[
        str,
        typer.Option(
            "--measure",
            help="Measure of rows that name none. Without it, odds ratios of counts, rate ratios "
            "of events and time at risk, Hedges' g of means.",
        ),
    ] = "",
    condition: Annotated[str, typer.Option("--condition", help="Condition of all rows.")] = "",
    outcome: Annotated[str, typer.Option("--outcome", help="Outcome of all rows.")] = "",
    meta_analysis: Annotated[
        str,
        typer.Option(
            "--meta-analysis", help="Meta-analysis of all rows; default: the name of the file."
        ),
    ] = "",
    favours: Favours = None,
    read: Read = None,
    worksheet: Worksheets = None,
    kind: Kind = ReviewKind.interventions,
) -> None:
    """Import a sheet of trials as teams keep it, one row for each trial.

    Events and people, or events and time at risk, or means, standard deviations and people of two
    arms, or a printed effect with its interval; names of columns as usual, the arms among them.
    """
    said = [word.strip() for word in arms.split("/")] if arms else []
    if said and (len(said) != len(SIDES) or not all(said)):
        raise typer.BadParameter(f"--arms {arms}: not understood; right: INTERVENTION/CONTROL")
    columns, ignored = _columns(column, trials.OURS, trials.holds_of)
    layout = Layout(
        columns,
        {"": code_of_measure(measure)} if measure else {},
        _words(read),
        condition=condition,
        outcome=outcome,
        meta_analysis=meta_analysis,
        kind=kind.value,
        favours=signs_of(favours),
        arms=dict(zip(SIDES, said, strict=False)),
        ignored=ignored,
        worksheets=tuple(worksheet or ()),
    )
    _import_table(file, "trials", layout, target_of(folder, into))


def table_command(
    file: File,
    folder: Folder = None,
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help="The map of the table, which umbrella map makes."
        ),
    ] = None,
    into: Into = None,
) -> None:
    """Import any other table, of pooled results or of trials, as a map file says.

    The map says what each column holds and what no column says; umbrella map proposes one.
    """
    if map_file is None:
        raise typer.BadParameter(f"--map FILE is needed; umbrella map {file} proposes one")
    target = target_of(folder, into)
    table_map, problems = read_map(full_path(map_file))
    refuse_problems(problems)
    assert table_map
    _import_table(file, table_map.of, table_map.layout, target, table_map)


def _import_table(
    file: Path, of: str, layout: Layout, target: Target, table_map: TableMap | None = None
) -> None:
    """Read each worksheet that is meant, and write them where none has a problem."""
    read_all = read_tables(full_path(file), of, layout, table_map)
    problems = [problem for source, _ in read_all for problem in source.problems]
    if table_map:
        problems = [replace(problem, right=right_of_map(problem.right)) for problem in problems]
    refuse_problems(problems)
    with folder_for(target) as first, all_or_none(first, len(read_all)):
        for position, (source, imported) in enumerate(read_all):
            kind = imported.review_kind or ResultsKind.exposures
            origin = Origin(file.name, kind, PRESETS[kind])
            main = next(iter(imported.outcomes)) if len(imported.outcomes) == 1 else ""
            outcome = main if of == "trials" else layout.outcome
            folder = replace(first, is_there=first.is_there or position > 0)
            write_rows(source, imported, folder, origin, Declared(layout.condition, outcome))


def _words(read: list[str] | None) -> dict[str, str]:
    """What cells mean, by their plain words."""
    return {plain(word): meaning for word, meaning in _pairs("--read", read).items()}


def signs_of(favours: list[str] | None) -> dict[str, str]:
    """The good sign by outcome; under an empty text that of all."""
    signs = _pairs("--favours", favours)
    unknown = sorted(set(signs.values()) - set(results.SIGNS))
    if unknown:
        right = " or ".join(results.SIGNS)
        raise typer.BadParameter(f"--favours {unknown[0]}: not understood; right: {right}")
    return signs


def class_words() -> dict[str, str]:
    """The classes of evidence by the words that papers print for them; numbers say too little."""
    table = read_table(project_dir() / "seeds/protocol/grading_grades.csv", "grading_grades.csv")
    words = {}
    for cells in table.rows:
        row = dict(zip(table.header, cells, strict=True))
        if row["scheme"].startswith("ioannidis"):
            printed = (row["grade"], row["label"], row["meaning"], *row["printed_as"].split(";"))
            words |= {plain(word): row["grade"] for word in printed}
    return {word: grade for word, grade in words.items() if word and not word.isdecimal()}


def _columns(
    given: list[str] | None, known: Iterable[str], is_known: Callable[[str], object]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Columns by what they hold, and those that are not to be read."""
    ignored = [text.partition("=")[2].strip() for text in given or () if _is_ignored(text)]
    others = [text for text in given or () if not _is_ignored(text)]
    return _pairs("--column", others, known, is_known), tuple(ignored)


def _is_ignored(text: str) -> bool:
    name, _, value = text.partition("=")
    return name.strip() == IGNORED and bool(value)


def _pairs(
    option: str,
    given: list[str] | None,
    known: Iterable[str] = (),
    is_known: Callable[[str], object] = bool,
) -> dict[str, str]:
    """`A=B` of an option as a dictionary; without an equals sign the whole is B."""
    pairs = {}
    for text in given or ():
        name, _, value = text.rpartition("=")
        if not value or (known and not is_known(name.strip())):
            right = f"{', '.join(known)} before an equals sign" if known else "WORD=CODE or CODE"
            raise typer.BadParameter(f"{option} {text}: not understood; right: {right}")
        pairs[name.strip()] = value.strip()
    return pairs


def _import(
    file: Path,
    folder: Path | None,
    into: Path | None,
    read: Callable[[Source], Imported],
    declared: Declared,
    origin: Origin,
) -> None:
    target = target_of(folder, into)
    source = read_source(full_path(file))
    with folder_for(target) as folder_to_write:
        write_rows(source, read(source), folder_to_write, origin, declared)
