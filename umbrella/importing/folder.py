"""Write what was imported as a folder of sheets that can be checked and built."""

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from umbrella.commands.new import make_folder
from umbrella.importing.rows import Imported
from umbrella.sheets.contract import Sheet, read_contract

PRESET = "mental-health"
"""The codes that imports know by their roles, kinds of psychotherapy among them."""

UNSTATED = "unstated"
"""Condition of an import whose caller names none."""


def write_folder(imported: Imported, target: Path, project: Path, origin: str) -> None:
    """Make `target` as `umbrella new` does and fill in the imported rows."""
    make_folder(target, project, PRESET)
    sheets = {sheet.name: sheet for sheet in read_contract(project)}
    codes = _codes_by_role(target, sheets.values())
    _append(target, sheets["meta_analyses"], imported.meta_analyses.values(), codes)
    _append(target, sheets["primary_studies"], imported.trials, codes)
    conditions = list(dict.fromkeys(trial["condition"] for trial in imported.trials))
    known = {row["code"] for row in _rows(target / sheets["conditions"].file)}
    new = [code for code in conditions if code not in known]
    _append(
        target,
        sheets["conditions"],
        [{"code": c, "label": _label(c), "definition": "Made by the import."} for c in new],
    )
    _append(target, sheets["review"], [_review(origin)])
    analyses = map(_analysis, range(1, len(conditions) + 1), conditions)
    _append(target, sheets["analyses"], analyses, codes)


def _append(
    target: Path,
    sheet: Sheet,
    rows: Iterable[Mapping[str, str]],
    codes: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> None:
    """Add rows to a sheet; `codes` are those that stand for the roles in the columns of codes."""
    with (target / sheet.file).open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sheet.columns, restval="", lineterminator="\n")
        for row in rows:
            cells = {
                column: codes.get((sheet.vocabularies.get(column, ""), value), value)
                for column, value in row.items()
            }
            writer.writerow(cells)


def _codes_by_role(target: Path, sheets: Iterable[Sheet]) -> dict[tuple[str, str], str]:
    """The code of each vocabulary and role: imports read roles, the folder has its codes."""
    return {
        (sheet.name, row["role"]): row["code"]
        for sheet in sheets
        if sheet.folder == "vocabulary" and "role" in sheet.columns
        for row in _rows(target / sheet.file)
        if row["role"]
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _label(code: str) -> str:
    return "Not stated" if code == UNSTATED else code.replace("_", " ").capitalize()


def _review(origin: str) -> dict[str, str]:
    return {
        "review_id": "imported",
        "title": f"Trials imported from {origin}",
        "question": "Not stated in the imported sheet.",
        "search_date": datetime.now(UTC).date().isoformat(),
        "data_note": f"Made by umbrella import from {origin}: trials only, so that the analyses of "
        "reported effects are empty and fct_trial_pools holds the results.",
    }


def _analysis(order: int, condition: str) -> dict[str, str]:
    return {
        "analysis_id": condition,
        "label": _label(condition),
        "analysis_group": "condition",
        "condition": condition,
        "outcome": "symptom",
        "unit": "meta_analysis",
        "scale": "smd",
        "required_scope": "overall",
        "selection_rule": "all",
        "sort_order": str(10 * order),
    }
