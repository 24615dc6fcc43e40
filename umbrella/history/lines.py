"""The changes between two publishes as lines for people: what it is, before, after, and why."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reports import formats
from umbrella.history.compare import Changes, Row
from umbrella.history.words import MAIN_METHOD, POOL_VERBS, TOPICS, grade_verb

NOTHING = "–"
IDLE = "nothing"

MOST_NAMED = 4
"""Results that are named beside a cell that moved more."""


CONSEQUENCE = "weight"
"""What changes of members that only follows from other members."""


@dataclass(frozen=True)
class Line:
    """One change: what and which part of it, before and after, in a word, and because of what."""

    subject: str
    detail: str
    before: str
    after: str
    change: str = ""
    because: str = ""


@dataclass(frozen=True)
class Group:
    """Changes of one kind: its name, a title, the headings of a line's parts, and the lines.

    A part without a heading has nothing to say. `left_out` counts lines that say the same of other
    methods, or follow from the others.
    """

    name: str
    title: str
    headings: tuple[str, str, str, str, str, str]
    lines: tuple[Line, ...]
    left_out: int = 0

    @property
    def told(self) -> list[int]:
        """Places of the parts that have a heading and of which a line has something to say."""
        rows = [texts(line) for line in self.lines]
        return [
            place
            for place, heading in enumerate(self.headings)
            if heading and any(row[place] for row in rows)
        ]


def groups(changes: Changes, *, every: bool = False) -> list[Group]:
    """The kinds of changes that there are, each with its lines.

    Of a pool, a member and a grade the line of the recommended method stands for all, and members
    of which only the weight changed are left out, unless `every` is asked for.
    """
    made = (maker(changes, every) for maker in MAKERS)
    return [group for group in made if group.lines]


def _cells(changes: Changes, every: bool) -> Group:
    moved = _moved_by(changes)
    lines = [
        Line(
            place(row),
            plain(row["column_name"]),
            _cell(row["older"]),
            _cell(row["newer"]),
            because=_named(moved[(*_key(row), row["column_name"])], every),
        )
        for row in changes.cells
    ]
    headings = ("Row", "Column", "Before", "After", "", "Moved")
    return Group("cells", "Cells that changed", headings, tuple(lines))


def _rows(changes: Changes, every: bool) -> Group:
    moved = _moved_by(changes)
    lines = [
        Line(place(row), "", "", "", row["change"], _named(moved[(*_key(row), None)], every))
        for row in changes.rows
    ]
    headings = ("Row", "", "", "", "Change", "Moved")
    return Group("rows", "Rows that were added or removed", headings, tuple(lines))


def _pools(changes: Changes, every: bool) -> Group:
    because = _because(changes, "pool")
    rows, left_out = _of_main_method(changes.pools, every, "analysis_id")
    lines = [
        Line(
            row["label"],
            row["policy_label"],
            _result(row, "older"),
            _result(row, "newer"),
            _what_else(row),
            because[f"{row['analysis_id']}:{row['policy_id']}"],
        )
        for row in rows
    ]
    headings = ("Result", "Method", "Before", "After", "What else changed", "Because of")
    return Group("pools", "Pooled results that moved", headings, tuple(lines), left_out)


def _members(changes: Changes, every: bool) -> Group:
    labels = {row["analysis_id"]: row["label"] for row in changes.pools}
    methods = {row["policy_id"]: row["policy_label"] for row in changes.pools}
    told = [row for row in changes.members if every or row["change"] != CONSEQUENCE]
    rows, left_out = _of_main_method(told, every, "analysis_id", "effect_id", "change")
    lines = [
        Line(
            labels.get(row["analysis_id"], plain(row["analysis_id"])),
            f"{row['member_label'] or row['meta_analysis_id']} ({row['effect_id']})",
            _weight(row["older_weight"]),
            _weight(row["newer_weight"]),
            _member_words(row, methods, every=every),
            row["reason"] or "",
        )
        for row in rows
    ]
    headings = (
        "Result", "Member", "Weight before", "Weight after", "Change", "Why it is no member",
    )  # fmt: skip
    left_out += len(changes.members) - len(told)
    return Group("members", "Members", headings, tuple(lines), left_out)


def _grades(changes: Changes, every: bool) -> Group:
    because = _because(changes, "grade")
    rows, left_out = _of_main_method(changes.grades, every, "analysis_id", "effect_id", "scheme")
    lines = [
        Line(
            row["label"],
            row["scheme_label"],
            row["older"] or "no grade",
            row["newer"] or "no grade",
            grade_verb(row),
            because[row["grade_id"]],
        )
        for row in rows
    ]
    headings = ("Result", "Scheme", "Before", "After", "Change", "Because of")
    return Group("grades", "Grades and classes", headings, tuple(lines), left_out)


def _conclusions(changes: Changes, _every: bool) -> Group:
    lines = [
        Line(
            row["label"],
            TOPICS.get(row["topic"], plain(row["topic"])),
            row["older"] or NOTHING,
            row["newer"] or NOTHING,
        )
        for row in changes.conclusions
    ]
    headings = ("About", "What", "Before", "After", "", "")
    return Group("conclusions", "Conclusions in words", headings, tuple(lines))


def _versions(changes: Changes, _every: bool) -> Group:
    lines = [
        Line(row["role"], "", row["older"] or NOTHING, row["newer"] or NOTHING)
        for row in changes.versions
    ]
    return Group("versions", "The program", ("Part", "", "Before", "After", "", ""), tuple(lines))


MAKERS: tuple[Callable[[Changes, bool], Group], ...] = (
    _cells, _rows, _pools, _grades, _conclusions, _members, _versions,
)  # fmt: skip
"""Of each kind of changes, in the order in which they are told."""


def plain(name: str) -> str:
    """A name of a sheet, a column or an analysis as words."""
    return name.replace("_", " ")


def place(row: Row) -> str:
    """Sheet and row of a change."""
    again = f" ({row['nth']})" if row["nth"] > 1 else ""
    return f"{plain(row['sheet']).capitalize()}, {row['row_id']}{again}"


def _key(row: Row) -> tuple:
    return row["sheet"], row["row_id"], row["nth"]


def _named(labels: list[str], every: bool) -> str:
    """Labels of results in words, of many only the first with the number of the others."""
    if not labels:
        return IDLE
    shown = labels if every or len(labels) <= MOST_NAMED + 1 else labels[:MOST_NAMED]
    n_more = len(labels) - len(shown)
    return "; ".join(shown) + (f" and {n_more:,} more" if n_more else "")


def _moved_by(changes: Changes) -> dict[tuple, list[str]]:
    """Labels of what each changed cell, or row, moved; in the order of the results."""
    labels = {f"{row['analysis_id']}:{row['policy_id']}": row["label"] for row in changes.pools}
    labels |= {row["grade_id"]: row["label"] for row in changes.grades}
    found: dict[tuple, list[str]] = defaultdict(list)
    for row in changes.causes:
        told = found[(*_key(row), row["column_name"])]
        if labels[row["target_id"]] not in told:
            told.append(labels[row["target_id"]])
    order = {label: place for place, label in enumerate(dict.fromkeys(labels.values()))}
    for told in found.values():
        told.sort(key=order.__getitem__)
    return found


def _because(changes: Changes, target: str) -> dict[str, str]:
    """The causes of each moved pool or grade in words."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in changes.causes:
        if row["target"] == target:
            what = plain(row["column_name"]) if row["column_name"] else f"row {row['change']}"
            found[row["target_id"]][place(row)].append(what)
    words = {
        name: "; ".join(f"{where}: {', '.join(what)}" for where, what in places.items())
        for name, places in found.items()
    }
    return defaultdict(lambda: "another version of the program" * bool(changes.versions), words)


def _of_main_method(rows: list[Row], every: bool, *names: str) -> tuple[list[Row], int]:
    """Of rows that differ by method alone the main one, first, or any; how many are left out."""
    if every:
        return rows, 0
    found: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row.get(name) for name in names)
        if key not in found or row["policy_id"] == MAIN_METHOD:
            found[key] = row
    shown = sorted(found.values(), key=lambda row: row["policy_id"] not in (MAIN_METHOD, None))
    return shown, len(rows) - len(found)


def _cell(value: str | None) -> str:
    return "(empty)" if value is None else value


def _result(row: Row, side: str) -> str:
    if row[f"{side}_k"] is None:
        return NOTHING
    values = [row[f"{side}_{name}"] for name in ("estimate", "ci_low", "ci_high")]
    if formats.is_missing(values[0]):
        return f"no estimate, k={row[f'{side}_k']}"
    text = formats.estimate(*values, row["decimals"])
    return f"{formats.measure(row['measure'])} {text}, k={row[f'{side}_k']}"


def _what_else(row: Row) -> str:
    """Side, significance and band where they changed; what else there is to say of a pool."""
    if row["change"] != "moved":
        return POOL_VERBS[row["change"]][0]
    return "; ".join(_differences(row)) or ("" if row["is_seen"] else "by less than is shown")


def _differences(row: Row) -> Iterator[str]:
    if row["has_other_side"]:
        yield f"side: {row['older_side']} → {row['newer_side']}"
    if row["has_other_significance"]:
        yield f"significance: {row['older_side']} → {row['newer_side']}"
    if row["has_other_band"]:
        yield f"size: {row['older_band'].lower()} → {row['newer_band'].lower()}"


def _member_words(row: Row, methods: dict[str, str], *, every: bool) -> str:
    words = {"value": "has another value", "weight": "has another weight"}
    said = words.get(row["change"], row["change"])
    method = methods.get(row["policy_id"], plain(row["policy_id"]))
    return f"{said} ({method})" if every else said


def _weight(value: float | None) -> str:
    return NOTHING if value is None else formats.percent(value)


def texts(line: Line) -> tuple[str, ...]:
    """The parts of a line in order."""
    return (line.subject, line.detail, line.before, line.after, line.change, line.because)
