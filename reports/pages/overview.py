"""The first page: the question, the headline results, and where the numbers come from."""

from dataclasses import dataclass, replace

from reports import formats, words
from reports.figure import RATES, Row
from reports.figures.headline import ordered
from reports.html import fragment
from reports.pages import alone
from reports.pages.acceptability import has_effects
from reports.pages.answers import answer
from reports.pages.condition import condition_file, condition_labels
from reports.pages.model import (
    AnswersBlock,
    Block,
    Content,
    ListBlock,
    MarkupBlock,
    Page,
    Section,
    pick,
)
from reports.tables import Cell, Link

MANY = 20
"""Results from which on they are told by class, and stand in the table by condition."""

HEADLINE_SOURCES = (
    ("published", "Published"),
    ("seed_paper", "Conventional method"),
    ("recommended", "Recommended method"),
)
RESULTS = (
    "Results by [[condition]]: published and recomputed",
    "Every result stands in up to three versions: as published; recomputed from this extraction "
    "by the conventional method, that of the published review; and recomputed by the recommended "
    "method. k is the number of [[members]].",
)
SINGLE_RESULTS = (
    "Results by [[condition]]",
    "Every result is that of one [[member]], as it reports it; nothing is pooled.",
)
OWN_RESULTS = (
    "Results by [[condition]]",
    "Every result stands in two versions: by the conventional method and by the recommended "
    "method. k is the number of [[members]].",
)


@dataclass(frozen=True)
class Group:
    """Headlines of one condition below its name; all of them, without one, where they are few."""

    label: str
    anchor: str
    href: str
    rows: list["HeadlineRow"]


@dataclass(frozen=True)
class HeadlineRow:
    """One headline: condition, label, page, cells by source, scale, band by Cohen."""

    condition: str
    label: str
    href: str
    cells: dict[str, Row]
    scale: str
    band: str


def pages(content: Content) -> list[Page]:
    """The overview."""
    review = content.review
    first = (answers(content), results(content), beliefs(content))
    if len(alone.alone(content)) >= MANY:
        first = (beliefs(content), answers(content), results(content))
    return [
        Page(
            slug="index",
            label="Overview",
            title=review.get("title") or "Umbrella review",
            lead=review.get("question") or "",
            sections=pick(*first, flow(content), about(review)),
        )
    ]


def answers(content: Content) -> Section:
    """What came out, in plain sentences; many results stand with their conditions."""
    rows = content.tables["rpt_answers"]
    figures = content.figures("headline")
    if is_left_out(content) or not has_effects(content.tables) or len(rows) >= MANY:
        return Section("section-answers", "What came out", (), figures)
    found = tuple(
        answer(row, Link(row["headline_label"], condition_file(content, row["condition_id"])))
        for row in rows
    )
    return Section("section-answers", "What came out", (), (AnswersBlock(found), *figures))


def results(content: Content) -> Section:
    """Headline results by each method, beside the published ones where there are any.

    A site of chosen figures has them only with their figure; a review without a pooled effect has
    its rates instead, and the way to its pools of trials.
    """
    if is_left_out(content):
        return Section("section-results", OWN_RESULTS[0])
    if not has_effects(content.tables):
        return Section("section-results", "Results", (), (*rates(content), *trials(content)))
    rows = headline_rows(content)
    sources = [
        s for s in HEADLINE_SOURCES if s[0] != "published" or any(s[0] in r.cells for r in rows)
    ]
    if is_all_alone(content):
        sources = [("alone", "Result")]
        rows = [replace(r, cells={"alone": r.cells["recommended"]}) for r in rows]
    table = MarkupBlock(
        "Headline results",
        fragment(
            "headline.html.j2",
            groups=grouped(rows, content),
            sources=sources,
            scales=len({r.scale for r in rows}),
            has_bands=any(r.band for r in rows),
        ),
    )
    title, lead = RESULTS if len(sources) == len(HEADLINE_SOURCES) else OWN_RESULTS
    if is_all_alone(content):
        title, lead = SINGLE_RESULTS
    return Section("section-results", title, (lead,), (table,), is_folded=len(rows) < MANY)


def grouped(rows: list[HeadlineRow], content: Content) -> list[Group]:
    """The headlines of each condition where they are many and conditions have several."""
    conditions = dict.fromkeys(row.condition for row in rows)
    if len(rows) < MANY or len(conditions) in (1, len(rows)):
        return [Group("", "", "", rows)]
    labels = condition_labels(content)
    return [
        Group(
            labels[condition],
            f"results-{content.condition(condition)['slug']}",
            condition_file(content, condition),
            [
                replace(row, label=within(row.label, labels[condition]))
                for row in rows
                if row.condition == condition
            ],
        )
        for condition in conditions
    ]


def within(label: str, condition: str) -> str:
    """The name of a headline below that of its condition."""
    return words.upper_first(label.removeprefix(condition).lstrip(", ")) or label


def is_all_alone(content: Content) -> bool:
    """True when every result is that of one meta-analysis, of a review that is not published."""
    sources = content.tables["rpt_headline"]
    is_published = any(row["source"] == "published" for row in sources)
    return not is_published and all(
        row["status"] == alone.SINGLE for row in content.tables["rpt_conclusions"]
    )


def is_left_out(content: Content) -> bool:
    """True when the review has a headline figure that was not chosen for this site."""
    kinds = {row["figure_kind"] for row in content.tables["rpt_figures"]}
    return "headline" in kinds and not content.figures("headline")


def rates(content: Content) -> tuple[Block, ...]:
    """What is known of shares of people, of a review that has no other result: words, figures."""
    items = tuple(
        (finding_link(row, content), row["finding"])
        for row in content.tables["rpt_findings"]
        if row["measure"] in RATES and row["k"]
    )
    return (*((ListBlock(items),) if items else ()), *content.figures("dropout"))


def finding_link(row: Row, content: Content) -> Cell:
    """What a finding is about, leading to the page of its condition where there is one."""
    name = ", ".join(filter(None, (row["condition_label"], row["outcome_label"], row["subgroup"])))
    has_page = row["condition_id"] in condition_labels(content)
    return Link(name, condition_file(content, row["condition_id"])) if has_page else name


def trials(content: Content) -> tuple[Block, ...]:
    """The way to the pools of trials, of a review that has no pooled effect."""
    n = len(content.tables["rpt_trial_pools"])
    pools = "pool of trials" if n == 1 else "pools of trials"
    items = ((Link(f"{n} {pools}", "trials.html"), "No effect of any [[member]] is pooled."),)
    return (ListBlock(items),) if n else ()


def beliefs(content: Content) -> Section:
    """What to believe of each condition, in a sentence."""
    ones = alone.alone(content)
    shared = {one.analysis_id for one in ones} if len(ones) >= MANY else set()
    items = tuple(
        (
            Link(row["headline_label"], condition_file(content, row["condition_id"])),
            row["summary_text"],
        )
        for row in content.tables["rpt_conclusions"]
        if row["summary_text"] and row["analysis_id"] not in shared
    )
    if shared:
        items += tuple(
            (f"{label} ({len(members)})", in_a_row(members))
            for label, members in alone.by_class(ones).items()
        )
    blocks = (ListBlock(items),) if items and not is_left_out(content) else ()
    return Section(
        "section-conclusions", "What each result hangs on", (), blocks, is_folded=len(items) < MANY
    )


def in_a_row(members: list[alone.Alone]) -> str:
    """Names of results by condition: each with its outcomes in brackets."""
    found: dict[str, list[alone.Alone]] = {}
    for one in members:
        found.setdefault(one.condition, []).append(one)
    return "; ".join(f"{name} ({alone.named_outcomes(ones)})" for name, ones in found.items())


def flow(content: Content) -> Section:
    """From records to pooled meta-analyses."""
    return Section("section-flow", "Where the numbers come from", (), content.figures("flow"))


def about(review: Row) -> Section:
    """The review, published or not, and this extraction."""
    facts = []
    if review.get("citation"):
        doi = f" doi:{review['doi']}" if review.get("doi") else ""
        name = "Published review" if review["has_published"] else "Citation"
        facts.append(f"{name}: {review['citation']}{doi}")
    if review.get("search_date"):
        facts.append(f"Searched up to {review['search_date']}.")
    if review.get("registration"):
        facts.append(f"Registration: {review['registration']}.")
    if review.get("data_note"):
        facts.append(review["data_note"])
    return Section("section-about", "About the review and this extraction", tuple(facts))


def headline_rows(content: Content) -> list[HeadlineRow]:
    """One row per headline."""
    made: dict[str, list[Row]] = {}
    for row in ordered(content.tables["rpt_headline"]):
        made.setdefault(row["analysis_id"], []).append(row)
    classes = {row["analysis_id"]: row["class_label"] for row in content.tables["rpt_conclusions"]}
    return [
        headline_row(content, rows, classes.get(key) or alone.NO_CLASS)
        for key, rows in made.items()
    ]


def headline_row(content: Content, rows: list[Row], evidence_class: str) -> HeadlineRow:
    """One headline from the rows of its sources."""
    cells = {row["source"]: headline_cells(row, evidence_class) for row in rows}
    return HeadlineRow(
        condition=rows[0]["condition_id"],
        label=rows[0]["headline_label"],
        href=condition_file(content, rows[0]["condition_id"]),
        cells=cells,
        scale=rows[0]["scale_short_label"],
        band=cells.get("recommended", {}).get("band", ""),
    )


def headline_cells(row: Row, evidence_class: str) -> Row:
    """Texts of one source of one headline."""
    missing = row["note"] or "not pooled"
    known = not formats.is_missing(row["estimate"])
    places = row["decimals"]
    has_bar = not (formats.is_missing(row["pi_low"]) or formats.is_missing(row["pi_high"]))
    return {
        "k": formats.count(row["k"]),
        "evidence_class": evidence_class,
        "result": formats.result_or_dash(row, places) if known else missing,
        "prediction": formats.interval(row["pi_low"], row["pi_high"], places) if has_bar else "–",
        "is_words": not known,
        "band": (row["cohen_band"] or "").lower() if known else "",
    }
