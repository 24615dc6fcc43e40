"""What changed, in sentences."""

from collections.abc import Iterable

from umbrella.history.compare import Changes, Row, distinct

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip

MAIN_METHOD = "recommended"
"""The policy whose results stand for those of all, where it is among them."""

CELL = ("sheet", "row_id", "nth", "column_name")
ROW = ("sheet", "row_id", "nth")

POOL_VERBS = {
    "moved": ("moved", "moved"),
    "new": ("is new", "are new"),
    "gone": ("is gone", "are gone"),
}
"""What a pool did, said of one and of several, by its change."""

GRADE_VERBS = {"fell": "fell", "rose": "rose"}
"""Changes of a grade that have a direction, with their words; all others only changed."""

TOPICS = {
    "published_text": "What the published review says",
    "effect_text": "Effect",
    "few_members_text": "With few members",
    "fragility_text": "What would turn it",
    "prediction_text": "Where a new result would lie",
    "converted_text": "Converted results",
    "overlap_text": "Overlap",
    "robustness_text": "Other choices",
    "concordance_text": "Agreement",
    "class_text": "Evidence class",
    "grade_text": "Certainty",
    "other_grades_text": "Other grades",
    "summary_text": "In short",
    "verdict of ours": "Verdict by this extraction",
    "verdict of published": "Verdict by its own numbers",
}
"""What a conclusion is about, by its topic; verdicts are of conclusions of the published review."""


def counted(n: int, noun: str, nouns: str | None = None) -> str:
    """`one pool`, `two pools`, `2,304 pools`."""
    number = NUMBERS[n] if n < len(NUMBERS) else f"{n:,}"
    return f"{number} {noun if n == 1 else nouns or f'{noun}s'}"


def joined(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def summary(changes: Changes, *, is_listed: bool) -> str:
    """What moved and because of what, as one or two sentences.

    With `is_listed` the cells stand below the sentence, which then points to them.
    """
    moved = _moved(changes)
    typed = _typed(changes, changes.cells, changes.rows)
    if moved:
        reason = _reason(changes, is_listed=is_listed)
        return _sentence(f"{joined(moved)}{reason}") + _rest(changes)
    if typed:
        return _sentence(f"{joined(typed)} changed; no pool, grade or conclusion did")
    if changes.versions:
        roles = joined(row["role"].lower() for row in changes.versions)
        return _sentence(f"nothing moved; the program is of another version ({roles})")
    return "Nothing changed."


def _moved(changes: Changes) -> list[str]:
    """`two pools moved`, `one grade fell`, ... of what did."""
    found = []
    for change, verbs in POOL_VERBS.items():
        rows = [row for row in changes.pools if row["change"] == change]
        main = distinct([row for row in rows if row["policy_id"] == MAIN_METHOD], "analysis_id")
        others = [name for name in distinct(rows, "analysis_id") if name not in main]
        for n, noun, where in (
            (len(main), "pool", ""),
            (len(others), "other pool" if main else "pool", " under other methods alone"),
        ):
            if n:
                found.append(f"{counted(n, noun)} {verbs[n > 1]}{where}")
    for verb in (*GRADE_VERBS, "changed"):
        rows = [row for row in changes.grades if grade_verb(row) == verb]
        n = len({(row["analysis_id"] or row["effect_id"], row["scheme"]) for row in rows})
        if n:
            found.append(f"{counted(n, 'grade')} {verb}")
    n = len(distinct(changes.conclusions, "conclusion_id"))
    if n:
        verb = "reads" if n == 1 else "read"
        found.append(f"{counted(n, 'conclusion')} {verb} otherwise")
    return found


def grade_verb(row: Row) -> str:
    """What a grade did: fell, rose or changed."""
    return GRADE_VERBS.get(row["change"], "changed")


def _reason(changes: Changes, *, is_listed: bool) -> str:
    """`, because of these three cells`; empty where nothing of the sheets explains it."""
    cells = [row for row in changes.causes if row["column_name"] is not None]
    rows = [row for row in changes.causes if row["change"] is not None]
    causes = _typed(changes, cells, rows, these="these " if is_listed else "")
    if causes:
        may = any(row["distance"] > 2 for row in changes.causes)
        return f", {'probably ' if may else ''}because of {joined(causes)}"
    if changes.versions:
        roles = joined(row["role"].lower() for row in changes.versions)
        return f", because the program is of another version ({roles})"
    if changes.older.program != changes.newer.program:
        return ", because the program is another one"
    if changes.pools or changes.grades:
        return ", and no change of the sheets explains it"
    typed = _typed(changes, changes.cells, changes.rows)
    return f", after {joined(typed)} changed" if typed else ""


def _typed(changes: Changes, cells: list[Row], rows: list[Row], these: str = "") -> list[str]:
    """Changed cells and rows in words: those of policies by their names, others by number."""
    found = []
    labels = {row["policy_id"]: row["policy_label"] for row in changes.pools}
    policies = [row for row in cells if row["sheet"] == "policies"]
    others = [row for row in cells if row["sheet"] != "policies"]
    for (name,) in distinct(policies, "row_id"):
        columns = joined(str(c) for (c,) in distinct(_of(policies, name), "column_name"))
        found.append(f"the policy {labels.get(name, name)} ({columns.replace('_', ' ')})")
    n_cells = len(distinct(others, *CELL))
    if n_cells:
        this = "this " if these else ""
        word = this if n_cells == 1 else these
        found.append(f"{word}{counted(n_cells, 'cell')}")
    for change in ("added", "removed"):
        n = len(distinct([row for row in rows if row["change"] == change], *ROW))
        if n:
            found.append(counted(n, f"{change} row"))
    return found


def _of(rows: list[Row], row_id: str) -> list[Row]:
    return [row for row in rows if row["row_id"] == row_id]


def _rest(changes: Changes) -> str:
    """A sentence on the cells that changed and moved nothing."""
    causes = set(distinct(changes.causes, *CELL))
    idle = [cell for cell in distinct(changes.cells, *CELL) if cell not in causes]
    causing_rows = set(distinct(changes.causes, *ROW))
    idle_rows = [row for row in distinct(changes.rows, *ROW) if row not in causing_rows]
    parts = [counted(len(idle), "other cell")] if idle else []
    parts += [counted(len(idle_rows), "other row")] if idle_rows else []
    if not parts or not (changes.pools or changes.grades):
        return ""
    return f" {_sentence(f'{joined(parts)} changed and moved none of them')}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
