"""Write what was imported into a folder of sheets that can be checked and built."""

import csv
import io
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from pathlib import Path

from umbrella.commands.new import make_folder
from umbrella.errors import UmbrellaError
from umbrella.importing.protocol import SCALES, Protocol
from umbrella.importing.rows import Declared, Imported, identifier
from umbrella.sheets.checks import check_sheet
from umbrella.sheets.contract import Sheet, read_contract
from umbrella.sheets.presets import preset_of
from umbrella.sheets.problems import SheetProblem
from umbrella.text import plural

UNSTATED = "unstated"
"""Condition of an import whose caller names none."""

UNNAMED = "outcome"
"""Outcome of an import whose caller names none."""

MIXED = "mixed"
"""Kind of review whose analyses say their own."""

UNCLEAR = "unclear"
"""Measure of a row whose measure is not known."""

INTERVENTIONS = "interventions"
"""Kind of review whose standardised differences are signed by what is good."""

WRITTEN = (
    "meta_analyses", "primary_studies", "conditions", "review", "analyses", "figures",
    "figure_blocks", "reported_effects", "reported_rates", "reported_certainty",
)  # fmt: skip

ROWS = {
    "primary_studies": "comparison_id",
    "reported_effects": "effect_id",
    "reported_rates": "rate_id",
}
"""Sheets of what is read, with their keys."""

Row = dict[str, str]


@dataclass(frozen=True)
class Origin:
    """The file that is imported; of a review that is made, its kind and vocabularies."""

    name: str
    review_kind: str
    preset: str


class Folder:
    """The sheets of a folder with the rows that are there and those that are added."""

    def __init__(self, target: Path, project: Path) -> None:
        """Read the sheets; raises SheetProblem where one cannot be read."""
        contract = read_contract(project)
        self.target = target
        self.sheets = {sheet.name: sheet for sheet in contract}
        files = {sheet.file for sheet in contract}
        self.rows = {
            sheet.name: _rows(target, sheet, files)
            for sheet in contract
            if sheet.name in (*WRITTEN, "scales") or {"code", "role"} <= set(sheet.columns)
        }
        self.added: dict[str, list[Row]] = defaultdict(list)
        self.changed: set[str] = set()
        """Sheets of which rows that are there were changed."""
        self.codes = {
            (name, row["role"]): row["code"]
            for name, rows in self.rows.items()
            if "role" in self.sheets[name].columns
            for row in rows
            if row["role"]
        }

    def add(self, name: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Add rows to a sheet; where a column takes codes, its roles become them."""
        vocabularies = self.sheets[name].vocabularies
        for row in rows:
            self.added[name].append(
                {
                    column: self.codes.get((vocabularies.get(column, ""), value), value)
                    for column, value in row.items()
                }
            )

    def add_codes(self, name: str, offered: Callable[[Sheet], list[Row]]) -> list[str]:
        """Add the codes that the new rows of a sheet have and the vocabularies lack.

        `offered` gives the rows of a vocabulary from which they are taken; returns what was added.
        Raises UmbrellaError for a code that stands in neither.
        """
        told = []
        for column, vocabulary in self.sheets[name].vocabularies.items():
            used = {row[column] for row in self.added[name] if row.get(column)}
            missing = used - self.labels(vocabulary).keys()
            if missing:
                rows = [row for row in offered(self.sheets[vocabulary]) if row["code"] in missing]
                self.added[vocabulary] += rows
                told += [f"{vocabulary}: {row['code']}" for row in rows]
                self._refuse_unknown(vocabulary, missing)
        return told

    def _refuse_unknown(self, vocabulary: str, codes: set[str]) -> None:
        labels = self.labels(vocabulary)
        unknown = sorted(codes - labels.keys())
        if unknown:
            raise UmbrellaError(
                f"{self.sheets[vocabulary].file} has no code {', '.join(unknown)}: nothing was "
                f"written. Its codes: {', '.join(labels)}."
            )

    def labels(self, vocabulary: str) -> dict[str, str]:
        """Labels of a vocabulary by code, those added included."""
        rows = [*self.rows[vocabulary], *self.added[vocabulary]]
        return {row["code"]: row["label"] for row in rows}

    def write(self) -> None:
        """Write sheets with new or changed rows: all are ready before the first is replaced."""
        ready: dict[Path, Path] = {}
        try:
            for name in {**self.added, **dict.fromkeys(sorted(self.changed))}:
                added = self.added[name]
                if added or name in self.changed:
                    sheet = self.sheets[name]
                    unfinished = self.target / f"{sheet.file}.unfinished"
                    ready[unfinished] = self.target / sheet.file
                    text = _as_csv(sheet, [*self.rows[name], *added])
                    unfinished.write_text(text, encoding="utf-8", newline="")
            for unfinished, path in ready.items():
                unfinished.replace(path)
        except OSError as error:
            for unfinished in ready:
                with suppress(OSError):
                    unfinished.unlink(missing_ok=True)
            raise UmbrellaError(f"Cannot write {self.target}: {error.strerror or error}") from error


def write_folder(
    imported: Imported, target: Path, project: Path, origin: Origin, declared: Declared
) -> None:
    """Make `target` as `umbrella new` does and fill in the imported rows."""
    make_folder(target, project, origin.preset)
    try:
        add_to_folder(imported, target, project, origin, declared)
    except (UmbrellaError, SheetProblem):
        shutil.rmtree(target)
        raise


def add_to_folder(
    imported: Imported, target: Path, project: Path, origin: Origin, declared: Declared
) -> None:
    """Add the imported rows to the sheets of a folder.

    Raises:
        UmbrellaError: a meta-analysis or comparison of the import is there already, or a code of
            a condition is there with another label.
        SheetProblem: a sheet cannot be read.
    """
    folder = Folder(target, project)
    _join_what_is_there(folder, imported)
    _keep_signs(imported, origin)
    folder.add("meta_analyses", imported.meta_analyses.values())
    folder.add("conditions", _new_conditions(folder, imported))
    folder.add("outcomes", _new_outcomes(folder, imported, declared))
    folder.add("reported_certainty", imported.certainty)
    codes = []
    for name, rows in zip(ROWS, (imported.trials, imported.effects, imported.rates), strict=True):
        folder.add(name, rows)
        codes += folder.add_codes(name, partial(_of_preset, project, origin.preset))
    if codes:
        imported.notices.append(f"codes added to the vocabulary: {', '.join(codes)}")
    if not any(row["review_id"] for row in folder.rows["review"]):
        begun = folder.rows.pop("review")
        folder.rows["review"] = []
        folder.add("review", [{**(begun[0] if begun else {}), **_review(imported, origin)}])
    protocol = Protocol(
        folder.labels("conditions"),
        folder.labels("outcomes"),
        {row["scale"]: row for row in folder.rows["scales"]},
        _other_kind(folder, origin),
        folder.rows["analyses"],
        folder.rows["figures"],
    )
    outcome = folder.codes.get(("outcomes", declared.outcome), declared.outcome)
    protocol.add(folder.added["primary_studies"], outcome)
    for name in ("analyses", "figures", "figure_blocks"):
        folder.add(name, getattr(protocol, name))
    folder.write()


def _rows(target: Path, sheet: Sheet, files: set[str]) -> list[Row]:
    problems, table = check_sheet(target, sheet, files)
    if problems or table is None:
        raise SheetProblem(problems[0])
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def _of_preset(project: Path, preset: str, sheet: Sheet) -> list[Row]:
    """The rows of a vocabulary in a preset."""
    table = preset_of(project, preset).table(sheet)
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def _as_csv(sheet: Sheet, rows: Iterable[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, sheet.columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _join_what_is_there(folder: Folder, imported: Imported) -> None:
    """Let the rows of a second table join their meta-analyses; refuse what is there already."""
    there = {row["meta_analysis_id"]: row for row in folder.rows["meta_analyses"]}
    known = sorted(there.keys() & imported.meta_analyses.keys())
    if imported.trials or _is_there(folder, imported):
        _refuse(folder, "meta_analyses", known)
    for name in known:
        ours, theirs = there[name]["title"], imported.meta_analyses[name]["title"]
        is_label = identifier(ours) == name  # else it is the title of the paper, or empty
        if ours != theirs and is_label:
            raise UmbrellaError(
                f"{name} would stand for {ours!r} of {folder.sheets['meta_analyses'].file} and for "
                f"{theirs!r} of the table: nothing was written. Write them alike, or apart."
            )
        del imported.meta_analyses[name]
    if known:
        imported.notices.append(f"meta-analyses that are there already: {', '.join(known)}")
    _give_free_names(folder, imported)
    _find_repeated(folder, imported)
    _part_certainty(imported)
    _tell_of_same_trials(folder, imported)


def _is_there(folder: Folder, imported: Imported) -> bool:
    """Whether a row of the table has been imported before, by where it was read.

    A row that prints several measures may be imported for each.
    """
    there = [*folder.rows["reported_effects"], *folder.rows["reported_rates"]]
    measures = defaultdict(set)
    for row in there:
        measures[_place(row)].add(row.get("measure", ""))
    return any(
        {row.get("measure", ""), UNCLEAR} & measures[_place(row)]
        or (row.get("measure") == UNCLEAR and measures[_place(row)])
        for row in (*imported.effects, *imported.rates)
    )


def _place(row: Row) -> tuple[str, str]:
    return row["meta_analysis_id"], row["source_locator"]


def _refuse(folder: Folder, name: str, there: Sequence[str]) -> None:
    if there:
        raise UmbrellaError(
            f"{folder.sheets[name].file} holds {', '.join(there[:12])} already: nothing was "
            "written. Import a sheet once, or give its meta-analyses other names."
        )


def _give_free_names(folder: Folder, imported: Imported) -> None:
    """Identifiers of rows that another table has used get a number; those of trials are refused."""
    for (name, key), rows in zip(
        ROWS.items(), (imported.trials, imported.effects, imported.rates), strict=True
    ):
        taken = {row[key] for row in folder.rows[name]}
        if name == "primary_studies":
            _refuse(folder, name, sorted(taken & {row[key] for row in rows}))
            continue
        for row in rows:
            numbered = (f"{row[key]}_{n}" for n in count(2))
            row[key] = next(one for one in chain([row[key]], numbered) if one not in taken)
            taken.add(row[key])


def _find_repeated(folder: Folder, imported: Imported) -> None:
    """Make an effect a subgroup where its meta-analysis has an overall one of its kind there."""
    kind = ("meta_analysis_id", "condition", "outcome", "measure")
    there = {
        tuple(row[column] for column in kind)
        for row in folder.rows["reported_effects"]
        if row["scope"] == "overall"
    }
    repeated = [
        row
        for row in imported.effects
        if row["scope"] == "overall" and tuple(row[column] for column in kind) in there
    ]
    for row in repeated:
        row["scope"] = "subgroup"
    if repeated:
        imported.notices.append(
            f"{plural(len(repeated), 'row')} with the meta-analysis, condition, outcome and "
            "measure of one that is there: taken as its subgroup"
        )


def _part_certainty(imported: Imported) -> None:
    """Ratings of effects are rows of their own sheet."""
    for row in imported.effects:
        rating = row.pop("certainty", "")
        if rating:
            imported.certainty.append(
                {
                    "meta_analysis_id": row["meta_analysis_id"],
                    "effect_id": row["effect_id"],
                    "outcome": row["outcome"],
                    "tool": "grade",
                    "rating": rating,
                    "rated_by_source": "y",
                    "source_locator": row["source_locator"],
                }
            )


def _tell_of_same_trials(folder: Folder, imported: Imported) -> None:
    """Trials with one identifier are one trial, whichever sheet lists them."""
    there = {row["study_id"] or row["study"] for row in folder.rows["primary_studies"]}
    same = sorted(there & {row.get("study_id") or row["study"] for row in imported.trials})
    if same:
        names = ", ".join(same[:12]) + (" ..." if len(same) > 12 else "")
        imported.notices.append(
            f"{plural(len(same), 'trial')} with the name of one that is there count as the same: "
            f"{names}; another study_id in extraction/primary_studies.csv tells them apart"
        )


def _other_kind(folder: Folder, origin: Origin) -> str:
    """What the import is about where the review is about something else."""
    review = (folder.rows["review"] or folder.added["review"])[0]
    is_same = review["review_kind"] in ("", origin.review_kind)
    return "" if is_same or origin.review_kind == MIXED else origin.review_kind


def _keep_signs(imported: Imported, origin: Origin) -> None:
    """Where above zero is to favour the intervention, standardised differences say that it does.

    Ratios and the effects of exposures are as the sheet has them without a word on what is good.
    """
    if origin.review_kind != INTERVENTIONS:
        return
    unsaid = [
        row
        for row in (*imported.trials, *imported.effects)
        if SCALES.get(row.get("measure", "")) == "smd" and "favourable_direction" not in row
    ]
    for row in unsaid:
        row["favourable_direction"] = "positive"
    if unsaid:
        imported.notices.append(
            "standardised differences keep their sign: above zero is taken to favour the "
            "intervention"
        )


def _new_conditions(folder: Folder, imported: Imported) -> list[Row]:
    known = folder.labels("conditions")
    found = dict.fromkeys(row["condition"] for row in imported.rows)
    rows = []
    for code in found:
        label = imported.conditions.get(code, _label(code))
        if code not in known:
            rows.append({"code": code, "label": label, "definition": "Made by the import."})
        elif code in imported.conditions and known[code].casefold() != label.casefold():
            raise UmbrellaError(
                f"The factor {label!r} would have the code {code}, which is {known[code]!r} in "
                f"{folder.sheets['conditions'].file}: nothing was written. Rename one of them."
            )
    return rows


def _new_outcomes(folder: Folder, imported: Imported, declared: Declared) -> list[Row]:
    """The outcomes that the sheet names, and that of trials which it does not name.

    A code that the vocabulary has is its own, whatever its label.
    """
    known = folder.labels("outcomes")
    imported.notices += [
        f"outcome {row['label']!r}: {code}, {known[code]!r}, of the vocabulary"
        for code, row in imported.outcomes.items()
        if known.get(code, row["label"]) != row["label"]
    ]
    if imported.outcomes or not imported.trials:
        return [row for code, row in imported.outcomes.items() if code not in known]
    if declared.outcome != UNNAMED or UNNAMED in folder.labels("outcomes"):
        return []
    definition = "What the imported sheet is about, which it does not name."
    return [{"code": UNNAMED, "label": "Outcome", "definition": definition, "noun": "the outcome"}]


def _label(code: str) -> str:
    return "Not stated" if code == UNSTATED else code.replace("_", " ").capitalize()


def _review(imported: Imported, origin: Origin) -> Row:
    row = {
        "review_id": "imported",
        "title": f"Trials imported from {origin.name}",
        "question": "Not stated in the imported sheet.",
        "data_note": f"Made by umbrella import from {origin.name}: the results are pooled from "
        "trials, not from effects that meta-analyses report.",
        "review_kind": origin.review_kind,
        "member_word": "study",
        "members_word": "studies",
    }
    if imported.trials:
        return row
    return row | {
        "title": f"Results imported from {origin.name}",
        "data_note": f"Made by umbrella import from {origin.name}.",
        "member_word": "",
        "members_word": "",
    }
