"""Pages that look across conditions."""

from reports import formats
from reports.figure import Row
from reports.figures import KINDS
from reports.pages import acceptability
from reports.pages.model import Content, DetailsBlock, Page, Section, TableBlock, pick
from reports.pages.sources import places, to_row
from reports.tables import Cell, DataTable, Link

DECLARED = "As declared"
READ_TWICE = (
    "Was the extraction read the same way twice?",
    "Two readers extracted the same tables; where they differ, a decision is recorded.",
)
READ_ONCE = (
    "What became of each row of the extraction?",
    "No second reader's extraction is among the sheets: nothing shows how well two would agree.",
)
"""Title and lead of the page of the extraction."""


def pages(content: Content) -> list[Page]:
    """Every page across conditions that has something to show."""
    made = [
        figure_page(
            content,
            "subgroups",
            "Subgroups and secondary outcomes",
            "For whom, and on what else",
            "Results across [[conditions]]: subgroups, other outcomes, and the largest [[member]] "
            "of each [[condition]].",
        ),
        figure_page(
            content,
            "evidence-map",
            "Evidence map",
            "What has been studied, and what has not",
            "How many [[members]] there are on each [[condition]], what they show, and where there "
            "are none.",
        ),
        figure_page(
            content,
            "quality",
            "Quality and certainty",
            "How good is the evidence?",
            "Grades of each [[condition]] by every scheme of the protocol, and the appraisal of "
            "the [[members]]. The page of each [[condition]] shows what its grades rest on.",
        ),
        overlap_page(content),
        acceptability.page(content),
        extraction_page(content),
    ]
    return [page for page in made if page.sections]


def figure_page(
    content: Content, slug: str, label: str, title: str, lead: str, group: str = "across"
) -> Page:
    """A page of the figures whose kind belongs there and that are about no single condition."""
    blocks = content.figures(*(name for name, kind in KINDS.items() if kind.page == slug))
    return Page(
        slug=slug,
        label=label,
        title=title,
        lead=lead,
        sections=pick(Section("section-figures", label, (), blocks)),
        group=group,
    )


def overlap_page(content: Content) -> Page:
    """Trials on several lists, by pair and by result, and meta-analyses that belong together."""
    return Page(
        slug="overlap",
        label="Overlap",
        title="How far the [[members]] rest on the same [[studies]]",
        lead="A [[study]] in two [[members]] is counted twice unless its weight is shared.",
        sections=pick(
            Section("section-figures", "Overlap", (), content.figures("overlap")),
            overlap_by_result(content.tables["rpt_overlap_analyses"]),
            related(content.tables["fct_related_meta_analyses"]),
            selection(content.tables["rpt_selection"]),
        ),
        group="across",
    )


def overlap_by_result(rows: list[Row]) -> Section:
    """How far the trial lists behind each result overlap."""
    numeric = ("[[Members]]", "With a list", "Different [[studies]]", "Shared", "CCA")
    table = DataTable(
        "Overlap of the lists of [[studies]] behind each result, in percent",
        ("Result", *numeric, "Overlap"),
        tuple(
            (
                row["analysis_label"],
                formats.count(row["n_meta_analyses"]),
                formats.count(row["n_lists"]),
                formats.count(row["n_trials"]),
                formats.count(row["n_trials_shared"]),
                formats.percent(row["cca"], missing="–"),
                row["band_label"] or "–",
            )
            for row in rows
        ),
        frozenset(numeric),
    )
    words = (
        "The corrected covered area of those lists that are complete or nearly so. Of the other "
        "[[members]] behind a result it is not known which [[studies]] they share: the area says "
        "nothing about them. Results with fewer than two such lists are left out.",
    )
    blocks = (TableBlock("table-overlap", table),) if rows else ()
    return Section("section-by-result", "Within each result", words * bool(rows), blocks)


def related(rows: list[Row]) -> Section:
    """Updates, double publications and other pairs that share trials by what they are."""
    numeric = ("[[Studies]] taken as shared", "Results for which both could be pooled")
    table = DataTable(
        "Related [[members]]",
        ("Relation", "How it is known", "Enters", *numeric, "Why"),
        tuple(
            (
                row["statement"],
                row["basis"],
                row["entering_label"] or "both",
                f"{100 * row['shared_share']:.0f}%",
                formats.count(row["n_analyses_with_both"]),
                row["reason"],
            )
            for row in rows
        ),
        frozenset(numeric),
    )
    words = (
        "Where both have a number for the same result, the one named under Enters is pooled and "
        "the other is kept with this reason. Where both are pooled, they count as sharing so many "
        "of the [[studies]] of the smaller one, unless their lists say how many.",
    )
    blocks = (TableBlock("table-related", table),) if rows else ()
    return Section("section-related", "Updates and double publications", words * bool(rows), blocks)


def selection(rows: list[Row]) -> Section:
    """Each condition as declared, and under the other choices about which numbers enter."""
    results: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if row["k"]:
            column = DECLARED if row["is_own_rule"] else row["rule_label"]
            named = row["analysis_label"], formats.measure(row["scale_short_label"])
            result = formats.result(row, row["decimals"])
            results.setdefault(named, {})[column] = f"{result}, k {formats.count(row['k'])}"
    # A choice that changes no result of the review has no column; without any there is no table.
    changing = dict.fromkeys(
        column
        for cells in results.values()
        for column, result in cells.items()
        if result != cells.get(DECLARED)
    )
    columns = (DECLARED, *changing)
    table = DataTable(
        "Results by which [[members]] enter, with 95% confidence interval",
        ("[[Condition]]", "Measure", *columns),
        tuple((*named, *(cells.get(c, "–") for c in columns)) for named, cells in results.items()),
        frozenset(columns),
    )
    words = (
        "As declared is what every page shows. The other columns pool both of two related "
        "[[members]], or the other one; or let one of several pools by kind of control stand for "
        "a [[member]] that reports none over all.",
    )
    blocks = (TableBlock("table-selection", table),) if changing else ()
    return Section("section-selection", "What these choices change", words * bool(blocks), blocks)


def extraction_page(content: Content) -> Page:
    """Agreement of two readers where there were two, what they left open, and refused rows."""
    is_read_twice = bool(content.tables["rpt_agreement"])
    title, lead = READ_TWICE if is_read_twice else READ_ONCE
    open_ones = (unresolved(content.tables["rpt_unresolved_differences"]),) * is_read_twice
    return Page(
        slug="extraction",
        is_of_sheets=True,
        label="Extraction",
        title=title,
        lead=lead,
        sections=pick(
            Section("section-agreement", "Agreement", (), content.figures("agreement")),
            *open_ones,
            rejected(content.tables["fct_rejected_rows"]),
            corrections(content),
            unread(content.tables["dim_unread_meta_analyses"]),
            fates(content.tables["dim_sheets"]),
        ),
        group="trust",
    )


def unresolved(rows: list[Row]) -> Section:
    """Differences in numbers or codes that decide a result, and that nobody has decided."""
    table = DataTable(
        "Differences that are not resolved",
        ("Sheet", "Row", "Field", "First reader", "Second reader", "Analyses that use it"),
        tuple(
            (
                row["sheet"],
                row["row_id"],
                row["field"],
                row["first_value"] or "empty",
                row["second_value"] or "empty",
                formats.count(row["n_analyses"]),
            )
            for row in rows
        ),
        frozenset({"Analyses that use it"}),
    )
    words = (
        "Each result that uses one of these rows is marked."
        if rows
        else "Every difference in a field that decides a result has been decided."
    )
    blocks = (TableBlock("table-unresolved", table),) if rows else ()
    return Section("section-unresolved", "Differences that are still open", (words,), blocks)


def rejected(rows: list[Row]) -> Section:
    """Rows that were refused, with what would be right."""
    if not rows:
        words = "No row of any sheet was rejected."
        return Section("section-rejected", "Rejected rows", (words,))
    table = DataTable(
        "Faults, each with its place and remedy",
        ("Sheet", "Row", "Column", "Value", "What is wrong", "What would be right"),
        tuple(
            (
                row["sheet"],
                formats.count(row["row_number"], missing="–"),
                row["column_name"] or "–",
                row["value"] or "empty",
                row["reason"],
                row["expected"] or "–",
            )
            for row in rows
        ),
        frozenset({"Row"}),
    )
    return Section(
        "section-rejected",
        "Rejected rows",
        (
            f"{formats.counted(len(rows), 'fault')} "
            f"{formats.agreeing(len(rows), 'keeps', 'keep')} rows out of every result.",
        ),
        (TableBlock("table-rejected", table),),
    )


def corrections(content: Content) -> Section:
    """Cells that were decided about after they had been typed, with the reasons."""
    rows, where = content.tables["fct_corrections"], places(content.tables)
    changed = sum(row["is_changed"] for row in rows)
    words = (
        f"After the extraction {formats.counted(len(rows), 'cell')} "
        f"{formats.agreeing(len(rows), 'was', 'were')} doubted: "
        f"{formats.count(changed)} changed, {formats.count(len(rows) - changed)} kept."
    )
    table = DataTable(
        "Cells decided about after the extraction",
        ("Sheet", "Row", "Column", "Before", "Now", "Why", "Where it stands"),
        tuple(
            (
                row["sheet"],
                to_row(row["row_id"], row["row_id"], where) or row["row_id"],
                row["column_name"],
                row["old_value"] or "empty",
                (row["new_value"] or "empty") if row["is_changed"] else "kept",
                row["reason"],
                row["source_locator"] or "–",
            )
            for row in rows
        ),
        frozenset(),
    )
    blocks = (DetailsBlock("table-corrections", "Every cell with its reason", table),)
    return Section("section-corrections", "Corrections", (words,) * bool(rows), blocks * bool(rows))


def unread(rows: list[Row]) -> Section:
    """Meta-analyses that are not in any result because their numbers could not be read."""
    words = (
        f"{formats.counted(len(rows), 'further [[member]]', 'further [[members]]')} "
        f"{formats.agreeing(len(rows), 'is', 'are')}, or may be, eligible, but no text that could "
        "be read holds the numbers, which are in no result."
    )
    table = DataTable(
        "[[Members]] that were found and not read",
        ("[[Member]]", "Title or topic", "DOI", "Why"),
        tuple((row["meta_analysis_id"], row["title"], doi(row), row["reason"]) for row in rows),
        frozenset(),
    )
    blocks = (DetailsBlock("table-unread", "Every one with what was seen of it", table),)
    return Section(
        "section-unread", "Found, but not read", (words,) * bool(rows), blocks * bool(rows)
    )


def doi(row: Row) -> Cell:
    """The DOI, leading to the paper; a dash without one."""
    return Link(row["doi"], f"https://doi.org/{row['doi']}") if row["doi"] else "–"


def fates(rows: list[Row]) -> Section:
    """What became of every row of every sheet."""
    names = ("Rows", "Used", "Kept", "Rejected")
    columns = ("n_rows", "n_used", "n_kept", "n_rejected")
    table = DataTable(
        "Rows of each sheet",
        ("Sheet", *names),
        tuple((row["sheet"], *(formats.count(row[column]) for column in columns)) for row in rows),
        frozenset(names),
    )
    return Section(
        "section-fates",
        "The fate of every row",
        (
            "Used: a published result rests on the row. Kept: it is in the warehouse, and "
            "no result uses it; a file of the downloads says why.",
        ),
        (TableBlock("table-fates", table),),
    )
