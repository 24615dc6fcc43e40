"""`umbrella outline`: the protocol rows that an extraction asks for."""

import csv
import io
from contextlib import suppress
from pathlib import Path

import typer

from umbrella import console, system
from umbrella.books.outlined import write_outlined
from umbrella.commands.check import check_typed, show_problems
from umbrella.errors import UmbrellaError
from umbrella.options import Sheets, SheetsArgument, given
from umbrella.outlining.implied import OUTLINED, extraction_of
from umbrella.outlining.left_out import left_out, several_amounts
from umbrella.outlining.outline import Outline, make_outline
from umbrella.project import sheets_path
from umbrella.sheets.contract import Sheet
from umbrella.sheets.files import is_workbook
from umbrella.sheets.result import CheckResult
from umbrella.text import plural

READ_FIRST = ("reported_effects", "reported_rates")
READ = (
    "meta_analyses", "reported_effects", "reported_rates", "conditions", "comparators", "measures",
    "severities", "guidances", "therapies", "analysis_sets", "deliveries", "outcomes",
    "months_bands", "scales", "review_kinds", "study_inclusion", "quality_ratings",
    "second_extraction", "published_claims",
)  # fmt: skip


def command(place: SheetsArgument = None, sheets: Sheets = None) -> None:
    """Fill in the protocol that your extraction asks for: analyses, contrasts and figures.

    Reads the effects and rates of your sheets and writes a row for each outcome of each condition
    and each scale it is reported on, for each subgroup and time of follow-up that two
    meta-analyses or more report, and for the figures of the site; it names what no row takes, and
    why. The four sheets must still be empty; change their rows afterwards as your protocol asks.
    Of a workbook a copy is written beside it (review.outlined.xlsx): without these rows, a build
    takes the same ones.
    """
    folder = sheets_path(given(place, sheets))
    result = check_typed(folder)
    names = {sheet.file: sheet.name for sheet in result.tables}
    hindering = [
        problem
        for problem in result.problems
        if names.get(problem.sheet, "") not in OUTLINED
        and (problem.sheet not in names or names[problem.sheet] in READ)
    ]
    if hindering:
        show_problems(hindering)
        raise typer.Exit(1)
    require_empty(result)
    extraction = extraction_of(result)
    outline = make_outline(extraction)
    target = _write(outline, folder, result)
    console.line(
        f"Wrote {plural(len(outline.analyses), 'analysis', 'analyses')}, "
        f"{plural(len({row['contrast_id'] for row in outline.contrasts}), 'contrast')} and "
        f"{plural(len(outline.figures), 'figure')} into {target}",
        style="bold green",
    )
    for (kind, reason), names in left_out(extraction, outline).items():
        console.line(f"{plural(len(names), kind)} left out, {reason}: {', '.join(names)}")
    for what, amounts in several_amounts(outline).items():
        console.line(
            f"Ratios for several amounts, {what}: {', '.join(amounts)}. Each is an analysis of its "
            "own; one with conversions = declared takes all that convert into its measure_unit, "
            "if the logarithm of the ratio may be taken as linear in the amount."
        )
    console.line("Change them as your protocol asks.")
    console.line(f"Then: umbrella check {system.quoted(target if is_workbook(folder) else folder)}")


def _write(outline: Outline, place: Path, result: CheckResult) -> Path:
    """Write the outline into the sheets of a folder, or into a copy of a workbook; where it is."""
    if is_workbook(place):
        return write_outlined(place, {name: getattr(outline, name) for name in OUTLINED})
    write(outline, place, result)
    return place / "protocol"


def require_empty(result: CheckResult) -> None:
    """Raise UmbrellaError where a sheet to be written has rows, or nothing is there to read."""
    filled = [s.file for s, table in result.tables.items() if s.name in OUTLINED and table.rows]
    if filled:
        raise UmbrellaError(
            f"{', '.join(filled)}: there are rows already, and nothing was written. An outline is "
            "made for empty sheets: move your rows elsewhere first."
        )
    if not any(sheet.name in READ_FIRST and table.rows for sheet, table in result.tables.items()):
        raise UmbrellaError(
            "extraction/reported_effects.csv and extraction/reported_rates.csv have no row to make "
            "an outline from."
        )


def write(outline: Outline, folder: Path, result: CheckResult) -> None:
    """Write the four sheets: all of them are ready before the first replaces an empty one.

    Raises UmbrellaError where the folder cannot be written; the empty sheets are then still there.
    """
    ready: dict[Path, Path] = {}
    try:
        for sheet in result.tables:
            if sheet.name in OUTLINED:
                unfinished = folder / f"{sheet.file}.unfinished"
                ready[unfinished] = folder / sheet.file
                unfinished.write_text(as_csv(sheet, getattr(outline, sheet.name)), "utf-8")
        for unfinished, target in ready.items():
            unfinished.replace(target)
    except OSError as error:
        for unfinished in ready:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
        raise UmbrellaError(f"Cannot write {folder}: {error.strerror or error}") from error


def as_csv(sheet: Sheet, rows: list[dict[str, str]]) -> str:
    """Rows under the header of their sheet."""
    text = io.StringIO()
    writer = csv.DictWriter(text, sheet.columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
