"""Which conclusions of the published review hold, by its own numbers and by our data."""

from collections import defaultdict

from reports import formats, theme
from reports.figure import Row
from reports.pages.model import Content, DetailsBlock, Page, Section, TableBlock, pick
from reports.tables import DataTable, Link
from reports.words import smd_sign

READING = (
    "Each sentence of the published review that data could contradict is put in plain words and "
    "tested twice: by the numbers that the review itself prints, and by our data. A conclusion "
    "holds when every test of it comes out as stated. Not shown is no contradiction: the numbers "
    "are too uncertain to tell."
)
OURS = (
    "Our data are [[members]] extracted for this site from their published text and pooled as "
    "the review pools them; they are not the same collection as the review's."
)
UNITS = (
    "Effects are standardised mean differences with their 95% interval: {smd_sign}. Those of other "
    "outcomes may be ratios. P is that of a test for a difference between independent groups."
)


def pages(content: Content) -> list[Page]:
    """The page, where the review has conclusions."""
    rows = content.tables["rpt_published_conclusions"]
    if not rows:
        return []
    verdicts = content.tables["rpt_conclusion_verdicts"]
    return [
        Page(
            slug="conclusions",
            label="Which conclusions hold",
            title="Which conclusions of the published review hold?",
            lead=summary(verdicts, rows),
            sections=pick(
                outcome(verdicts),
                everything(rows),
                details(rows, content.tables["rpt_conclusion_tests"], content.review),
            ),
        )
    ]


def summary(verdicts: list[Row], rows: list[Row]) -> str:
    """How many conclusions have which verdict by our data."""
    said = "; ".join(f"{row['label'].lower()}: {formats.count(row['n_ours'])}" for row in verdicts)
    return f"What our data say of {formats.counted(len(rows), 'conclusion')} – {said}."


def outcome(verdicts: list[Row]) -> Section:
    """How many conclusions have which verdict."""
    columns = ("In our data", "By its own numbers")
    table = DataTable(
        "Conclusions by what their tests come to",
        ("Verdict", *columns, "Meaning"),
        tuple(
            (
                row["label"],
                formats.count(row["n_ours"]),
                formats.count(row["n_printed"]),
                row["meaning"],
            )
            for row in verdicts
        ),
        frozenset(columns),
    )
    return Section(
        "section-outcome", "How many hold", (READING, OURS), (TableBlock("table-outcome", table),)
    )


def everything(rows: list[Row]) -> Section:
    """Every conclusion with both verdicts, those that do not hold first."""
    ordered = sorted(rows, key=lambda row: (row["our_order"], row["sort_order"]))
    table = DataTable(
        "Every conclusion with its verdicts; each leads to its tests",
        (
            "The review concludes",
            "In our data",
            "By its own numbers",
            "Tests that hold: our data",
            "Its own numbers",
            "Section",
        ),
        tuple(
            (
                Link(row["plain"], f"#{anchor(row)}"),
                row["our_label"],
                row["printed_label"],
                of_tests(row, "n_our_holds"),
                of_tests(row, "n_printed_holds"),
                row["section"],
            )
            for row in ordered
        ),
        frozenset({"Tests that hold: our data", "Its own numbers"}),
    )
    block = TableBlock(
        "conclusions", table, filters=("In our data", "By its own numbers", "Section")
    )
    return Section("section-conclusions", "Every conclusion", (), (block,))


def of_tests(row: Row, key: str) -> str:
    """How many tests hold, of how many."""
    return f"{formats.count(row[key])} of {formats.count(row['n_tests'])}"


def anchor(row: Row) -> str:
    """Where the tests of a conclusion stand."""
    return f"conclusion-{row['slug']}"


def details(rows: list[Row], tests: list[Row], review: Row) -> Section:
    """The wording of each conclusion, and its tests."""
    members = defaultdict(list)
    for test in tests:
        members[test["conclusion_id"]].append(test)
    blocks = tuple(tested(row, members[row["conclusion_id"]]) for row in rows)
    units = UNITS.format(smd_sign=smd_sign(review))
    return Section("section-tests", "The tests of each conclusion", (units,), blocks)


def tested(row: Row, tests: list[Row]) -> DetailsBlock:
    """One conclusion with its tests, to be understood alone."""
    table = DataTable(
        row["plain"],
        ("Tested", "In our data", "Found", "By its own numbers", "Printed", "Rule"),
        tuple(
            (
                test["question"],
                test["our_label"],
                test["our_words"] or theme.NOT_APPLICABLE,
                test["printed_label"],
                test["printed_words"] or theme.NOT_APPLICABLE,
                test["rule"],
            )
            for test in tests
        ),
        frozenset(),
    )
    note = f"{row['section']}: \u201c{row['quote']}\u201d."
    if row["notes"]:
        note = f"{note} Note: {row['notes']}."
    summary = (
        f"{row['plain']} In our data: {row['our_label'].lower()}; by its own numbers: "
        f"{row['printed_label'].lower()}."
    )
    return DetailsBlock(anchor(row), summary, table, note)
