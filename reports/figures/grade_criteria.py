"""What the grades of a condition rest on: every criterion, what decides, what would change it."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import groupby

from reports import formats, theme
from reports.charts import canvas, text_table
from reports.charts.text_table import Entry, Field, Layout, Symbol, narrow_layout
from reports.figure import RECOMMENDED, Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.theme import Colour

UNKNOWN = "not_assessable"
STATUSES = {
    "met": Symbol("circle", theme.RECOMMENDED, theme.RECOMMENDED),
    "not_met": Symbol("circle", theme.PAPER, theme.INK),
    UNKNOWN: Symbol("cross", theme.UNCHECKED, theme.UNCHECKED),
}
DECISIVE = Symbol("triangle-right", theme.INK, theme.INK)
# The effect stands right of the detail, so that the detail may begin beside it.
WIDE = Layout(
    rows=(
        (
            Field("label", "Criterion", 16, 214),
            Field("value", "Value", 296, 62, "right"),
            Field("unit", "Unit", 303, 84),
            Field("needs", "Needs", 444, 56, "right"),
            Field("found", "Status", 468, 96),
            Field("effect", "Effect on the grade", 564, 166),
        ),
        (Field("detail", "", 16, 520),),
        (Field("note", "", 16, 700),),
    ),
    symbol_key="status",
    symbol_at=458,
)
NARROW = narrow_layout(
    rows=(
        (Field("label", "", 16, 209), Field("status", "", 244, 70)),
        (Field("facts", "", 16, 294),),
        (Field("effect", "", 16, 294),),
        (Field("detail", "", 16, 294),),
        (Field("note", "", 16, 294),),
    ),
    symbol_key="status",
    symbol_at=235,
)
DECISIVE_AT = 8
BOUNDS = {"exact": "", "at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}
VERDICT = "verdict"
COMPARISONS = {"<=": "≤", ">=": "≥"}
UNITS = {"probability": "P", "percent": "%"}


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw one figure of rpt_grade_criteria, on as many pages as it needs.

    Raises ValueError on an unknown status, and where a figure holds several analyses.
    """
    rows = own_rows(figure, tables)
    if not rows:
        return (canvas.nothing("There is no estimate to grade.", layout.width),)
    paged = text_table.pages(entries(rows, scheme_grades(rows, tables), layout), layout.limit)
    return tuple(
        page(listed, layout, number, len(paged)) for number, listed in enumerate(paged, start=1)
    )


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The criteria of one figure by scheme and in their order."""
    rows = [row for row in tables["rpt_grade_criteria"] if row["figure_id"] == figure.figure_id]
    analyses = sorted({row["analysis_id"] for row in rows})
    if len(analyses) > 1:
        raise ValueError(
            f"figure_blocks has {', '.join(analyses)}: a figure of grade criteria shows one"
        )
    for row in rows:
        if row["status_code"] not in STATUSES:
            raise ValueError(
                f"rpt_grade_criteria.status_code: unknown value {row['status_code']!r}"
            )
    return sorted(
        rows, key=lambda row: (row["scheme_order"], row["scheme"], row["criterion_order"])
    )


def scheme_grades(rows: Sequence[Row], tables: Tables) -> dict[str, Row]:
    """The grade of the figure's analysis by scheme."""
    analysis = rows[0]["analysis_id"] if rows else None
    return {
        row["scheme"]: row
        for row in tables["rpt_grades"]
        if row["analysis_id"] == analysis and row["policy_id"] == RECOMMENDED
    }


def heading(rows: Sequence[Row], grade: Row | None) -> str:
    """Evidence class, as published: Class IV."""
    words = rows[0]["scheme_label"]
    if grade is None or grade["grade_label"] is None:
        return f"{words}: no grade"
    symbols = f" {grade['symbols']}" if grade["symbols"] else ""
    return f"{words}: {grade['grade_label']}{symbols}"


def entries(rows: Sequence[Row], grades: dict[str, Row], layout: Layout) -> list[Entry]:
    """Each scheme with its criteria, and below them what would change its grade."""
    listed = []
    for scheme, members in groupby(rows, key=lambda row: row["scheme"]):
        own = list(members)
        grade = grades.get(scheme)
        listed.append(text_table.section(heading(own, grade), layout.width))
        listed += [criterion_entry(group, layout) for group in gathered(own)]
        listed += [note_entry(words, layout) for words in closing(grade)]
    return listed


def closing(grade: Row | None) -> list[str]:
    """What is not known, what the next grade asks for, and what other thresholds would do."""
    if grade is None:
        return []
    status = grade["status_text"]
    if status and grade["grade_label"] is not None:
        status = f"What is not known leaves {status}."
    sensitivity = grade["sensitivity_text"]
    said = (status, grade["next_grade_text"], sensitivity and f"Sensitivity: {sensitivity}")
    return [words for words in said if words]


def gathered(rows: Sequence[Row]) -> list[list[Row]]:
    """Neighbours of one domain that lack the same input together, every other row alone."""
    groups: list[list[Row]] = []
    for row in rows:
        if groups and is_like(groups[-1][-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def is_like(row: Row, other: Row) -> bool:
    """True where neither of two criteria can be assessed, for one reason."""
    keys = ("domain", "status", "reason_not_assessable")
    return (
        row["status_code"] == UNKNOWN
        and formats.is_missing(row["value"])
        and formats.is_missing(other["value"])
        and all(row[key] == other[key] for key in keys)
    )


def criterion_entry(rows: Sequence[Row], layout: Layout) -> Entry:
    """The texts of a criterion, or of several that lack the same input, as a layout has them."""
    is_decisive = any(each["is_decisive"] for each in rows)
    return text_table.arrange(
        criterion_words(rows),
        layout,
        rows[0]["status_code"],
        bold=("label",) if is_decisive else (),
        is_stressed=is_decisive,
    )


def criterion_words(rows: Sequence[Row]) -> dict[str, str]:
    """What is said of a criterion, or of several; `facts` are value and need in one text."""
    row = rows[0]
    words = {
        "label": row["criterion_label"] or row["criterion"],
        "value": value_text(row),
        "unit": unit_of_value(row),
        "needs": needs_text(row),
        "status": row["status"],
        "found": found_text(row),
        "effect": row["effect_on_grade"] or "",
        "facts": facts_text(row),
        "detail": sentence(row["reason_not_assessable"] or ""),
    }
    if len(rows) > 1:
        subject = row["domain"] or "no rule"
        words |= {
            "label": f"{len(rows)} criteria on {subject}",
            "needs": theme.NOT_APPLICABLE,
            "effect": joined_effects(rows),
            "facts": "",
        }
    return words


def joined_effects(rows: Sequence[Row]) -> str:
    """What several criteria do to the grade, each thing once."""
    withheld = [row["withholds"] for row in rows if row["withholds"]]
    if not withheld:
        return "; ".join(dict.fromkeys(row["effect_on_grade"] or "" for row in rows))
    listed = dict.fromkeys(part for parts in withheld for part in parts.split(", "))
    return f"withholds {', '.join(listed)}"


def note_entry(words: str, layout: Layout) -> Entry:
    """A sentence below the criteria of a scheme."""
    return text_table.arrange({"note": words}, layout, "note", is_note=True)


def sentence(words: str) -> str:
    """A text with a capital at its beginning."""
    return words[:1].upper() + words[1:]


def plain(value: float) -> str:
    """A number with as many digits as it needs: 84.1, 0.0034, 2.4e−14, 10 134."""
    if value != 0 and abs(value) < 0.001:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}".replace("-", theme.MINUS)
    if abs(value) >= 1000:
        return formats.number(value, 0)
    return f"{value:.3g}".replace("-", theme.MINUS)


def value_text(row: Row) -> str:
    """A value with its bound; what the source says in words; a dash where it is not known."""
    if formats.is_missing(row["value"]):
        return theme.NOT_APPLICABLE
    if row["bound"] == VERDICT:
        return row["value_text"]
    return BOUNDS.get(row["bound"], "") + plain(row["value"])


def unit_text(row: Row) -> str:
    """The unit as the sheet has it, or its sign."""
    return UNITS.get(row["unit"], row["unit"] or "")


def unit_of_value(row: Row) -> str:
    """The unit that stands beside a value: none where there is no number."""
    has_number = not formats.is_missing(row["value"]) and row["bound"] != VERDICT
    return unit_text(row) if has_number else ""


def found_text(row: Row) -> str:
    """The status of a criterion, with the source of its value: met, reported."""
    if row["status_code"] == UNKNOWN:
        return row["status"]
    return f"{row['status']}, {source_text(row)}"


def source_text(row: Row) -> str:
    """Where a value comes from: reported, computed, judged; nothing where it is missing."""
    return "" if formats.is_missing(row["value"]) else row["input_source"]


def needs_text(row: Row) -> str:
    """The comparison with the threshold: < 50."""
    sign = COMPARISONS.get(row["comparison"], row["comparison"])
    return f"{sign} {plain(row['threshold'])}"


def facts_text(row: Row) -> str:
    """Value and need: 84.1%, computed, needs < 50; the need alone where there is no value."""
    needs = f"needs {needs_text(row)}"
    if formats.is_missing(row["value"]):
        return needs
    unit = unit_of_value(row)
    if row["value"] == 1 and value_text(row) == "1":
        unit = formats.singular(unit)
    space = "" if unit == "%" else " "
    return f"{(value_text(row) + space + unit).strip()}, {source_text(row)}, {needs}"


def look(item: Entry, key: str) -> tuple[Colour, bool]:
    """Bold for the name of what decides, muted for units, facts and reasons."""
    if key in ("unit", "facts", "detail"):
        return theme.MUTED, False
    return theme.INK, key == "label" and item.is_stressed


def page(listed: Sequence[Entry], layout: Layout, number: int, count: int) -> Panel:
    """Draw one page."""
    above, below = text_table.tops(listed, layout)
    height = below + 2
    decisive = [
        {"y": text_table.first_line(item, top)}
        for item, top in zip(listed, above, strict=True)
        if item.is_stressed
    ]
    drawn = [
        *text_table.stripes(layout, listed, above, height),
        *text_table.headers(layout, height),
        *text_table.cells(layout, listed, above, height, look),
        *text_table.symbols(layout, STATUSES, listed, above, height),
        text_table.rules(layout, below, height),
    ]
    if decisive:
        drawn.append(text_table.symbol_layer(decisive, DECISIVE, DECISIVE_AT, height))
    return Panel(
        layers=tuple(drawn),
        left=0,
        view_width=layout.width,
        view_height=height,
        bottom=height,
        width=layout.width,
        notes=notes(),
        page=number,
        pages=count,
    )


def notes() -> tuple[str, ...]:
    """What the symbols are."""
    return (
        "Filled circle: met; open circle: not met; cross: not assessable. Triangle and bold: "
        "decides the grade. Met is not always good: its effect on the grade says what a criterion "
        "does. Criteria of one domain that lack the same input stand in one line; the table below "
        "the picture has each. A value is reported by its source, computed or judged. ≥, ≤, > or < "
        "before a value: known only as a bound.",
    )


def message(figure: Figure, tables: Tables) -> str | None:
    """The grade of the first scheme, what stays possible, and how many criteria are met."""
    rows = own_rows(figure, tables)
    if not rows:
        return None
    own = [row for row in rows if row["scheme"] == rows[0]["scheme"]]
    grade = scheme_grades(rows, tables).get(rows[0]["scheme"])
    counts = Counter(row["status"] for row in own)
    said = ", ".join(f"{counts[status]} {status}" for status in dict.fromkeys(counts))
    words = f"{rows[0]['headline_label']}: {formats.grade(grade)}"
    return f"{words}; of {len(own)} criteria {said} ({rows[0]['scheme_label']})"


def describe(figure: Figure, tables: Tables) -> str:
    """Each scheme: the grade, how many criteria are met, and those that decide."""
    rows = own_rows(figure, tables)
    if not rows:
        return "0 criteria: there is no estimate to grade."
    grades = scheme_grades(rows, tables)
    sentences = [f"Table of {len(rows)} criteria for {rows[0]['headline_label']}."]
    for scheme, members in groupby(rows, key=lambda row: row["scheme"]):
        own = list(members)
        counts = Counter(row["status"] for row in own)
        said = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
        words = f"{own[0]['scheme_label']}: {formats.grade(grades.get(scheme))}; {said}"
        deciding = [row["criterion_label"] for row in own if row["is_decisive"]]
        if deciding:
            words += f"; decided by: {'; '.join(deciding)}"
        following = grades[scheme]["next_grade_text"] if scheme in grades else None
        sentences.append(f"{words}.{' ' + following if following else ''}")
    return " ".join(sentences)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per scheme and criterion."""
    return [
        (
            row["scheme_label"],
            row["domain"] or "",
            row["criterion_label"] or row["criterion"],
            value_text(row),
            unit_text(row),
            row["input_source"],
            needs_text(row),
            row["status"],
            row["effect_on_grade"] or "",
            row["reason_not_assessable"] or "",
        )
        for row in own_rows(figure, tables)
    ]


KIND = FigureKind(
    reads=("rpt_grade_criteria", "rpt_grades"),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=(
        "Scheme",
        "Domain",
        "Criterion",
        "Value",
        "Unit",
        "Source",
        "Needs",
        "Status",
        "Effect on the grade",
        "Why not assessable",
    ),
    numeric=frozenset({"Value", "Needs"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-grades",
    outlined=Outlined(
        order=40,
        figure_id="grades_{analysis}",
        title="what the grades rest on",
        subtitle="Criteria of each scheme: value, threshold, met or not, and effect on the grade",
        measure="count",
        block="{label}",
        is_for_rates=True,
    ),
    is_words=True,
)
