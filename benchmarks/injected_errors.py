"""How many errors of extraction the rules find, when one error at a time is typed into a sheet.

usage: python -m benchmarks.injected_errors [--sample N] [--seed S] [--one-reader] [--kinds SET]
           [--jobs J] [--list] [--drawn]

The reviews are the shipped one and those in examples/, or with --drawn those of other kinds in
benchmarks.drawn_reviews, which the kinds of elsewhere_kinds are meant for. Of each review a
warehouse is built once in memory; then each error is typed into a sheet, the steps that read it
are run again with the plan's own statements, and the tables are put back. An error is named when
the checks say something new of its row: `cell` when one of the wrong columns is among those named,
`row` whichever column it is. `moves` are errors without a finding that move a pooled result by more
than a tenth of its standard error, `turns` those that move a headline to another side or band.
Pooled results are those of the recommended policy.
"""

import argparse
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from typer.testing import CliRunner

import python_udfs
from benchmarks import drawn_reviews
from benchmarks.elsewhere_kinds import ELSEWHERE
from benchmarks.error_kinds import HELD_OUT, KINDS, NEW_ROW, ROLES, Block, Cells, Draw, Kind
from benchmarks.further_kinds import FURTHER
from benchmarks.stranger_kinds import STRANGER
from benchmarks.unforeseen_kinds import UNFORESEEN
from benchmarks.what_can_be_shown import can_be_shown
from umbrella.app import app
from umbrella.building.compilation import DATABASE_NAME, plan_of
from umbrella.building.plan import Plan, Step
from umbrella.commands.check import check_folder
from umbrella.project import project_dir
from umbrella.sheets.arrow import as_text
from umbrella.sheets.reading import Table

SETS = {
    "tried": KINDS, "held-out": HELD_OUT, "stranger": STRANGER, "unforeseen": UNFORESEEN,
    "further": FURTHER, "elsewhere": ELSEWHERE,
}  # fmt: skip
"""Kinds that rules were tried on, kinds held out, those that a stranger would think of, and three
sets written down before any rule for them."""

EXAMPLES = ("risk-factors", "prevalence", "trials")
SHIPPED = "shipped"
SHIPPED_SHARE = 0.7
"""Share of the errors typed into the shipped sheets; the examples have a few rows each."""

ATTEMPTS = 400
"""Rows tried for one error of a kind before it is given up."""

TOGETHER = 16
"""Errors in different sources that are typed at once, and those that were not named alone again. A
test holds for a sample that the same are named alone. Those that nothing is said of are pooled at
once, too, and each alone where anything moves."""

SECOND_READINGS = ("second_extraction", "second_extraction_rates")
FAULTS = "fct_rejected_rows"
RULES = "stg_protocol__finding_rules"
FINDINGS = "int_findings__"
RESULTS = ("fct_pooled_effects", "fct_pooled_rates")
TENTH = 0.1

FOUND = """
    select sheet, findings.row_number,
        array_to_string(list_sort(string_split(columns, ', ')), ', ') as columns, rule, severity,
        -- What stood there before is not new for being printed with another number, unless someone
        -- may have accepted the number.
        if(severity = 'worth_a_look', '', printed) as printed
    from ({models}) as findings
    inner join staging.stg_protocol__finding_rules using (rule)
    union
    select sheet, row_number, coalesce(column_name, ''), reason, severity, value
    from main.fct_rejected_rows
"""
TWICE = """
    select sheet, row_number, rule, columns
    from ({models})
    group by all
    having count(*) > 1
"""
POOLED = """
    select analysis_id, estimate, se, analyses.is_headline, side, cohen_band
    from main.fct_pooled_effects
    inner join intermediate.int_analyses as analyses using (analysis_id)
    where policy_id = 'recommended' and estimate is not null
    union all
    select analysis_id, estimate, se, false, null, null
    from main.fct_pooled_rates
    where policy_id = 'recommended' and estimate is not null
"""
ALARMING = frozenset({"impossible", "implausible", "reject", "not_poolable"})


@dataclass(frozen=True)
class Error:
    """One wrong entry: where it is, what it changes, and which cells are wrong then."""

    kind: str
    review: str
    sheet: str
    index: int
    changes: Cells
    rows: tuple[int, ...]
    columns: frozenset[str]
    can_be_shown: bool
    """Something else that the review says contradicts it; see what_can_be_shown."""
    below: tuple[tuple[int, Cells], ...] = ()
    """What it changes in other rows of the sheet, by their index."""

    def applied(self, table: Table) -> Table:
        """The sheet with the error in it."""
        rows = list(table.rows)
        for index, changes in ((self.index, self.changes), *self.below):
            cells = dict(zip(table.header, rows[index], strict=True))
            changed = [(cells | changes)[name] for name in table.header]
            if "" in changes:
                rows.append(changed)
            else:
                rows[index] = changed
        return replace(table, rows=rows)


@dataclass(frozen=True)
class Verdict:
    """What the checks made of an error."""

    error: Error
    names_cell: bool
    names_row: bool
    is_alarming: bool
    rules: tuple[str, ...]
    moves: float = 0.0
    """Largest move of a pooled result, in standard errors; 0 where the row was named."""
    turns: bool = False


class Laboratory:
    """The warehouse of one review in memory, in which sheets are changed and restored; without its
    pools it can say what is found, not what moves."""

    def __init__(self, plan: Plan, sheets: Mapping[str, Table], *, with_pools: bool = True) -> None:
        self.sheets = sheets
        models = [s.name for s in plan.steps if s.kind == "model"]
        self._finders = [name for name in models if name.startswith(FINDINGS)]
        listing = {s.id for s in plan.restricted_to([*self._finders, FAULTS, RULES]).steps}
        steps = plan.restricted_to([*self._finders, FAULTS, RULES, *RESULTS, "int_analyses"]).steps
        self._listing = [step for step in steps if step.id in listing]
        self._pooling = [step for step in steps if step.id not in listing]
        # One thread: the tables are small, and several processes share the machine.
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute(f"attach ':memory:' as {Path(DATABASE_NAME).stem}")
        self._connection.execute(f"use {Path(DATABASE_NAME).stem}")
        for name in sorted({step.schema for step in steps}):
            self._connection.execute(f'create schema if not exists "{name}"')
        for statement in plan.start:
            self._connection.execute(statement)
        python_udfs.register(self._connection)
        for step in steps if with_pools else self._listing:
            self._make(step)
        self.found = self._found()
        self._pooled = self._results() if with_pools else {}

    @contextmanager
    def _with(self, errors: Sequence[Error]) -> Iterator[dict[str, Step]]:
        """The tables with errors in their sheets; yields the steps that changed by their ids.

        Tables are set aside and put back: within a transaction rows would have other numbers.
        """
        names = {error.sheet for error in errors}
        changed = {step.id: step for step in self._listing if step.name in names}
        for step in changed.values():
            table = self.sheets[step.name]
            for error in errors:
                table = error.applied(table) if error.sheet == step.name else table
            self._set_aside(step)
            self._fill(step, table)
        try:
            yield changed
        finally:
            for step in changed.values():
                self._connection.execute(f"drop table {step.table}")
                self._connection.execute(
                    f'alter table "{step.schema}"."{_aside(step)}" rename to "{step.name}"'
                )

    def _set_aside(self, step: Step) -> None:
        self._connection.execute(f'alter table {step.table} rename to "{_aside(step)}"')

    def verdicts(self, errors: Sequence[Error]) -> list[Verdict]:
        """Type the errors at once and see what is said of each."""
        with self._with(errors) as changed:
            self._refresh(self._listing, changed)
            new = self._found() - self.found
        return [_verdict(error, new) for error in errors]

    def moved(self, errors: Sequence[Error]) -> tuple[float, bool]:
        """Type the errors at once; the largest move of a result in standard errors, and whether a
        headline is on another side or in another band."""
        with self._with(errors) as changed:
            self._refresh(self._listing, changed)
            self._refresh(self._pooling, changed)
            return _moved(self._pooled, self._results())

    def _refresh(self, steps: Sequence[Step], changed: dict[str, Step]) -> None:
        """Run the steps that read what changed; one that gives the rows it had changes nothing."""
        for step in steps:
            if step.kind == "model" and not changed.keys().isdisjoint(step.inputs):
                self._connection.execute(f"create or replace temp table rebuilt as {step.query}")
                if self._is_other(step):
                    self._set_aside(step)
                    self._connection.execute(f"create table {step.table} as from temp.rebuilt")
                    changed[step.id] = step

    def _is_other(self, step: Step) -> bool:
        (is_other,) = self._connection.execute(
            f"""
            select
                (select count(*) from {step.table}) != (select count(*) from temp.rebuilt)
                or exists (from {step.table} except all from temp.rebuilt)
            """
        ).fetchone()
        return is_other

    def _make(self, step: Step) -> None:
        if step.kind == "sheet":
            self._fill(step, self.sheets[step.name])
        else:
            self._connection.execute(f"create table {step.table} as {step.query}")

    def _fill(self, step: Step, sheet: Table) -> None:
        self._connection.register("rows_to_load", as_text(sheet))
        self._connection.execute(f"create table {step.table} as from rows_to_load")
        self._connection.unregister("rows_to_load")

    def _found(self) -> set[tuple]:
        models = " union all by name ".join(
            f"select sheet, row_number, columns, rule, printed from intermediate.{name}"
            for name in self._finders
        )
        twice = self._connection.execute(TWICE.format(models=models)).fetchall()
        if twice:
            raise ValueError(f"the build would stop: a finding is there twice: {twice}")
        return set(self._connection.execute(FOUND.format(models=models)).fetchall())

    def _results(self) -> dict[str, tuple]:
        return {row[0]: row[1:] for row in self._connection.execute(POOLED).fetchall()}


def _verdict(error: Error, new: Set[tuple]) -> Verdict:
    in_row = [f for f in new if f[0] == error.sheet and f[1] in error.rows]
    in_cell = [f for f in in_row if error.columns & _names(f[2])]
    return Verdict(
        error=error,
        names_cell=bool(in_cell),
        names_row=bool(in_row),
        is_alarming=any(f[4] in ALARMING for f in in_row),
        rules=tuple(sorted({f[3] for f in in_row})),
    )


def _aside(step: Step) -> str:
    return f"{step.name}__before"


def _names(columns: str) -> set[str]:
    return {name.strip() for name in columns.split(",")}


def _moved(before: Mapping[str, tuple], after: Mapping[str, tuple]) -> tuple[float, bool]:
    """The largest move in standard errors, and whether a headline is on another side or in another
    band; a result that comes or goes moves by one."""
    moves, turns = 0.0, False
    for name in before.keys() | after.keys():
        if name not in before or name not in after:
            moves = max(moves, 1.0)
            turns |= (before.get(name) or after[name])[2]
            continue
        (estimate, se, is_headline, *words), (new, _, _, *new_words) = before[name], after[name]
        if se:
            moves = max(moves, abs(new - estimate) / se)
        turns |= bool(is_headline and words != new_words)
    return moves, turns


def reviews(
    folder: Path, *, is_read_twice: bool = True, is_drawn: bool = False
) -> dict[str, dict[str, Table]]:
    """The sheets of the reviews: the shipped ones, and the examples made by their commands; or
    those that are drawn at random."""
    if is_drawn:
        folders = {name: _drawn_review(name, folder / name) for name in drawn_reviews.ERRONEOUS}
    else:
        folders = {SHIPPED: project_dir() / "seeds"}
        folders |= {name: _example(name, folder / name) for name in EXAMPLES}
    read = {name: check_folder(path).by_name() for name, path in folders.items()}
    if not is_read_twice:
        for sheets in read.values():
            for name in SECOND_READINGS:
                sheets[name] = replace(sheets[name], rows=[])
    return read


def _example(name: str, sheets: Path) -> Path:
    example = project_dir() / "examples" / name
    if name == "trials":
        kind = ("--kind", "interventions")
        _run("import", "metaumbrella", example / "metaumbrella.csv", sheets, *kind)
        more = ("--condition", "dancing", "--outcome", "severity", "--meta-analysis", "Dancing")
        _run("import", "metapsy", example / "metapsy.csv", "--into", sheets, *more)
    else:
        _run("new", sheets, "--preset", name)
        shutil.copytree(example, sheets, dirs_exist_ok=True)
        _run("outline", "--sheets", sheets)
    return sheets


def _drawn_review(name: str, sheets: Path) -> Path:
    drawn_reviews.write_review(sheets, name, seed=1)
    _run("outline", "--sheets", sheets)
    return sheets


def _run(*arguments: object) -> None:
    outcome = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if outcome.exit_code:
        raise RuntimeError(f"umbrella {' '.join(map(str, arguments))}: {outcome.output}")


def drawn(
    read: Mapping[str, Mapping[str, Table]], kinds: Mapping[str, Kind], n: int, seed: int
) -> list[Error]:
    """`n` errors, of each kind about as many, none twice."""
    rng = random.Random(seed)
    rows = {
        review: {name: _rows(sheets[name]) for name in ROLES if sheets[name].rows}
        for review, sheets in read.items()
    }
    codes = {review: _codes(sheets) for review, sheets in read.items()}
    again = {review: _read_again(sheets) for review, sheets in read.items()}
    errors: dict[tuple, Error] = {}
    exhausted: set[str] = set()
    names = list(kinds)
    while len(errors) < n and len(exhausted) < len(names):
        for name in names:
            if len(errors) < n and name not in exhausted:
                error = _drawn_one(rng, rows, codes, again, name, kinds[name], errors.keys())
                if error is None:
                    exhausted.add(name)
                else:
                    errors[_key(error)] = error
    return list(errors.values())


def _key(error: Error) -> tuple:
    below = tuple((index, *cells.items()) for index, cells in error.below)
    changes = tuple(error.changes.items())
    return error.kind, error.review, error.sheet, error.index, changes, below


def _drawn_one(
    rng: random.Random,
    rows: Mapping[str, Mapping[str, list[Cells]]],
    codes: Mapping[str, Mapping[str, list[str]]],
    again: Mapping[str, Mapping[str, Cells]],
    name: str,
    kind: Kind,
    known: Set[tuple],
) -> Error | None:
    for _ in range(ATTEMPTS):
        is_shipped = SHIPPED in rows and rng.random() < SHIPPED_SHARE
        review = SHIPPED if is_shipped else rng.choice([r for r in rows if r != SHIPPED])
        places = [(sheet, i) for sheet, of in rows[review].items() for i in range(len(of))]
        sheet, index = rng.choice(places)
        changes = kind(Draw(rng, sheet, rows[review][sheet], index, codes[review]))
        if changes:
            error = _error(name, review, sheet, rows[review][sheet], index, changes, again[review])
            if _key(error) not in known:
                return error
    return None


def _error(
    name: str,
    review: str,
    sheet: str,
    rows: Sequence[Cells],
    index: int,
    typed: Cells | Block,
    again: Mapping[str, Cells],
) -> Error:
    every = typed if isinstance(typed, Block) else {index: typed}
    roles = ROLES[sheet]
    owner = roles.get("owner", roles["id"])
    (first, changes), *below = every.items()
    is_new = NEW_ROW.items() <= changes.items()
    wrong = rows[first].keys() if is_new else {name for cells in every.values() for name in cells}
    numbers = (first + 2, len(rows) + 2) if is_new else tuple(at + 2 for at in every)
    is_shown = any(
        can_be_shown(cells, rows, at, owner, again.get(rows[at][roles["id"]], {}))
        for at, cells in every.items()
    )
    return Error(
        name, review, sheet, first, changes, numbers, frozenset(wrong), is_shown, tuple(below)
    )


def _read_again(sheets: Mapping[str, Table]) -> dict[str, Cells]:
    """What the second reader typed, by the ids of effects and rates."""
    return {
        row[ROLES[sheet]["id"]]: row
        for sheet, name in zip(("reported_effects", "reported_rates"), SECOND_READINGS, strict=True)
        for row in _rows(sheets[name])
    }


def _rows(table: Table) -> list[Cells]:
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def _codes(sheets: Mapping[str, Table]) -> dict[str, list[str]]:
    vocabularies = {"condition": "conditions", "outcome": "outcomes", "measure": "measures"}
    return {
        role: [row["code"] for row in _rows(sheets[name])] for role, name in vocabularies.items()
    }


def batches(
    errors: Sequence[Error], sheets: Mapping[str, Table], size: int = TOGETHER
) -> list[list[Error]]:
    """Errors that do not meet: of a batch no two are in one source, or add a row to one sheet."""
    rows = {name: _rows(table) for name, table in sheets.items() if name in ROLES}
    found: list[tuple[set[tuple], list[Error]]] = []
    for error in errors:
        owner = ROLES[error.sheet].get("owner", ROLES[error.sheet]["id"])
        at = (error.index, *(index for index, _ in error.below))
        places = {("source", rows[error.sheet][index][owner]) for index in at}
        places |= {("row", error.sheet, number) for number in error.rows}
        for taken, batch in found:
            if len(batch) < size and taken.isdisjoint(places):
                taken.update(places)
                batch.append(error)
                break
        else:
            found.append((places, [error]))
    return [batch for _, batch in found]


def tried(
    read: Mapping[str, Mapping[str, Table]],
    errors: Sequence[Error],
    jobs: int = 1,
    laboratory: Callable[[Plan, Mapping[str, Table]], Laboratory] = Laboratory,
) -> tuple[list[Verdict], dict[str, tuple[int, int]]]:
    """The verdict on each error; and of each review the clean rows with an alarm, and all rows."""
    plan = plan_of(project_dir())
    work = []
    for review, sheets in read.items():
        of_review = [error for error in errors if error.review == review]
        work += [(laboratory, review, plan, sheets, of_review[i::jobs]) for i in range(jobs)]
    if jobs == 1:
        done = [_tried_in_one(*part) for part in work]
    else:
        with ProcessPoolExecutor(jobs) as pool:
            done = list(pool.map(_tried_in_one, *zip(*work, strict=True)))
    clean = {review: alarms for review, _, alarms in done}
    return [verdict for _, verdicts, _ in done for verdict in verdicts], clean


def _tried_in_one(
    make: Callable[[Plan, Mapping[str, Table]], Laboratory],
    review: str,
    plan: Plan,
    sheets: Mapping[str, Table],
    errors: Sequence[Error],
) -> tuple[str, list[Verdict], tuple[int, int]]:
    laboratory = make(plan, sheets)
    alarms = {f[:2] for f in laboratory.found if f[4] in ALARMING and f[0] in ROLES}
    n_rows = sum(len(sheets[name].rows) for name in ROLES)
    together = [v for batch in batches(errors, sheets) for v in laboratory.verdicts(batch)]
    # Two errors alike may hide one another: what was not named is typed again alone.
    verdicts = [v if v.names_cell else laboratory.verdicts([v.error])[0] for v in together]
    unnamed = [v.error for v in verdicts if not v.names_row]
    moves = {id(error): (0.0, False) for error in errors}
    for batch in batches(unnamed, sheets):
        if any(laboratory.moved(batch)):
            moves |= {id(error): laboratory.moved([error]) for error in batch}
    final = [
        replace(verdict, moves=moves[id(verdict.error)][0], turns=moves[id(verdict.error)][1])
        for verdict in verdicts
    ]
    return review, final, (len(alarms), n_rows)


def report(verdicts: Sequence[Verdict], clean: Mapping[str, tuple[int, int]]) -> None:
    """Print the table by kind as Markdown, then the alarms in clean rows."""
    print("| Kind of error | Errors | Cell | Row | Alarm | Can be shown | Cell | Moves | Turns |")
    print("|---|---|---|---|---|---|---|---|---|")
    kinds = dict.fromkeys(v.error.kind for v in verdicts)
    for kind in sorted(kinds):
        print(_line(kind, [v for v in verdicts if v.error.kind == kind]))
    print(_line("all", verdicts))
    print()
    for review, (n_alarms, n_rows) in clean.items():
        print(f"{review}: {n_alarms} of {n_rows} clean rows have an alarm")


def _line(name: str, verdicts: Sequence[Verdict]) -> str:
    showable = [v for v in verdicts if v.error.can_be_shown]
    cells = (
        name,
        len(verdicts),
        share([v.names_cell for v in verdicts]),
        share([v.names_row for v in verdicts]),
        share([v.is_alarming for v in verdicts]),
        len(showable),
        share([v.names_cell for v in showable]),
        sum(v.moves > TENTH for v in verdicts),
        sum(v.turns for v in verdicts),
    )
    return f"| {' | '.join(map(str, cells))} |"


def share(of: Sequence[bool]) -> str:
    """How many in a hundred are true, as text."""
    return f"{100 * sum(of) / len(of):.0f}" if of else ""


def list_escaped(verdicts: Sequence[Verdict]) -> None:
    """Print each error that nothing was said of, with what it moves."""
    for verdict in verdicts:
        if not verdict.names_row:
            e = verdict.error
            where = f"{e.review} {e.sheet} row {e.index + 2}"
            shown = "can be shown" if e.can_be_shown else "cannot be shown"
            others = f" and {len(e.below)} rows more" if e.below else ""
            moves = f"moves {verdict.moves:.2f} SE"
            print(f"{e.kind}: {where}: {e.changes}{others}; {shown}; {moves}")
    print(Counter(rule for verdict in verdicts for rule in verdict.rules).most_common())


def main() -> None:
    """Draw the errors, try each, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--one-reader", action="store_true", help="without second readings")
    parser.add_argument("--kinds", choices=SETS, default="tried", help="the set of kinds")
    parser.add_argument("--list", action="store_true", help="list what escapes")
    parser.add_argument(
        "--drawn", action="store_true", help="in reviews of other kinds, drawn at random"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="umbrella-errors-") as folder:
        read = reviews(Path(folder), is_read_twice=not options.one_reader, is_drawn=options.drawn)
    errors = drawn(read, SETS[options.kinds], options.sample, options.seed)
    verdicts, clean = tried(read, errors, options.jobs)
    report(verdicts, clean)
    if options.list:
        list_escaped(verdicts)


if __name__ == "__main__":
    main()
