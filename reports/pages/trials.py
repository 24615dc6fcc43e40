"""The page of trials: meta-analyses pooled again from their trials, beside what they report."""

from reports import formats, sizes, theme
from reports.figure import PARTICIPANTS, Row
from reports.pages.model import Content, Page, Section, TableBlock
from reports.tables import DataTable
from reports.words import lower_first

COLUMNS = (
    "Source",
    "Title",
    "Outcome",
    "Effects",
    PARTICIPANTS,
    "Pooled (95% CI)",
    "P",
    "95% prediction interval",
    "I²",
    "Egger's P",
    "Excess P",
    "Reported (95% CI)",
)
NUMBERS = frozenset(COLUMNS) - {"Source", "Title", "Outcome"}
READING = (
    "Each set of trials that was extracted, pooled by the recommended method. OR, RR, HR "
    "and IRR are ratios; MD is in the units of the source. {sizes} are those of the "
    "effects that report them. Egger's P: small-study effects. Excess P: more significant "
    "trials than expected (Ioannidis and Trikalinos 2007). Reported: as the source prints it, "
    "with its number of comparisons."
)
OTHERS = "The pools by other rules and policies, and the path of each trial, are in the downloads."


def pages(content: Content) -> list[Page]:
    """The page, where the sheets hold trials that can be pooled."""
    rows = content.tables["rpt_trial_pools"]
    if not rows:
        return []
    rule = f"Rows of a trial: {rows[0]['rule_label'].lower()}."
    over = sizes.heading(rows)
    columns = tuple(over if column == PARTICIPANTS else column for column in COLUMNS)
    lines = tuple(line(row, over) for row in rows)
    table = DataTable("Pooled from trials, recommended method", columns, lines, NUMBERS | {over})
    reading = READING.format(sizes=sizes.summed(rows))
    blocks = (TableBlock("table-trials", table, OTHERS),)
    return [
        Page(
            slug="trials",
            label="Pooled from trials",
            title="What do the trials themselves give?",
            lead="Sources whose trials were extracted, pooled again from them.",
            sections=(Section("section-trials", "Pools of trials", (reading, rule), blocks),),
            group="across",
        )
    ]


def line(row: Row, over: str) -> tuple[str, ...]:
    """One set of trials as text."""
    return (
        row["label"],
        row["title"] or "",
        outcome(row),
        formats.count(row["k"]),
        sizes.summed_cell(row, over),
        formats.result(row, row["decimals"]).after(row["measure"]),
        formats.p_or_dash(row["p_value"]),
        formats.interval_or_dash(row, "pi_low", "pi_high", row["decimals"]),
        formats.percent(row["i2_percent"], 0, missing=theme.NOT_APPLICABLE),
        formats.p_or_dash(row["egger_p"]),
        formats.p_or_dash(row["excess_p"]),
        reported(row),
    )


def outcome(row: Row) -> str:
    """Condition or its part, outcome, and the time where it is not the end of treatment."""
    later = ", follow-up" if row["timepoint"] == "follow_up" else ""
    return f"{row['subtype'] or row['condition_label']}: {lower_first(row['outcome_label'])}{later}"


def reported(row: Row) -> str:
    """What the meta-analysis reports with its number of comparisons; a dash for nothing."""
    values = [row[f"reported_{part}"] for part in ("estimate", "ci_low", "ci_high")]
    if formats.is_missing(values[0]):
        return theme.NOT_APPLICABLE
    said = f"{formats.estimate(*values, row['decimals'])}, k={formats.count(row['reported_k'])}"
    return formats.Valued(said, values[0])
