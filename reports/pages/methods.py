"""How the numbers are made: policies, rules and schemes in words, versions and checksums."""

import re
from collections.abc import Callable, Sequence
from importlib.metadata import version

from reports import formats
from reports.figure import Row, Tables
from reports.pages.model import Content, ListBlock, Page, Section, TableBlock, pick
from reports.tables import DataTable
from reports.theme import MINUS
from reports.words import review_of, smd_sign

DEGREES = re.compile(r"\bk-(\d)")
LAST_CRITERION = "identifier"
CRITERIA = {"n_participants": "participants", "amstar_score": "AMSTAR score"}
DRAWN_BY = (
    ("altair", "Charts"),
    ("vl-convert-python", "Charts to SVG, PNG and PDF"),
)
NUMBER_STYLE = (
    "Numbers follow the British Medical Journal: 0.53 (0.44 to 0.62) is an estimate with its 95% "
    "confidence interval. {smds}NR: not reported."
)
SMDS = "Standardised mean difference: {smd_sign}; {bounds} are Cohen's {labels}. "


def pages(content: Content) -> list[Page]:
    """The page of methods."""
    data = content.tables
    return [
        Page(
            slug="methods",
            is_of_sheets=True,
            label="Methods",
            title="How the numbers are made",
            lead="Every choice is a row of a sheet, and every number can be made again.",
            sections=pick(
                policies(data["dim_policies"]),
                described(
                    "section-rules",
                    "Which [[members]] enter",
                    data["dim_selection_rules"],
                    order_of,
                ),
                described(
                    "section-schemes",
                    "How evidence is graded",
                    data["dim_grading_schemes"],
                    assumed_and_source,
                ),
                Section("section-style", "How numbers are printed", (number_style(data),)),
                versions(data),
                checksums(data["dim_sheets"]),
            ),
            group="trust",
        )
    ]


def number_style(data: Tables) -> str:
    """How numbers are printed, and what Cohen calls those that are standardised differences."""
    has_smds = any(row["measure"] == "SMD" for row in data["rpt_findings"])
    return NUMBER_STYLE.format(smds=smd_style(data) if has_smds else "")


def smd_style(data: Tables) -> str:
    """What a standardised mean difference says, and what Cohen calls it."""
    bands = sorted(data["rpt_cohen_bands"], key=lambda band: band["lower_bound"])
    return SMDS.format(
        smd_sign=smd_sign(review_of(data)),
        bounds=listed([f"{band['lower_bound']:g}" for band in bands]),
        labels=listed([band["label"].lower() for band in bands]),
    )


def listed(words: Sequence[str]) -> str:
    """Small, medium and large."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def policies(rows: list[Row]) -> Section:
    """The ways to pool, in words."""
    items = tuple(
        (row["label"] or row["policy_id"], DEGREES.sub(rf"k{MINUS}\1", row["description"] or ""))
        for row in rows
    )
    return Section(
        "section-policies",
        "How results are pooled",
        ("Every analysis is pooled under each of these policies.",),
        (ListBlock(items),),
    )


def order_of(row: Row) -> str | None:
    """In which order a rule takes meta-analyses; nothing for one that takes them all."""
    if row["criteria"] == LAST_CRITERION:
        return None
    words = row["criteria"]
    for code, name in CRITERIA.items():
        words = words.replace(code, name)
    return f"Order: {words}"


def assumed_and_source(row: Row) -> str:
    """What a scheme takes for what is not known, and whose it is."""
    return " ".join(filter(None, (row["assumes"], row["source"])))


def described(
    anchor: str, heading: str, rows: list[Row], more: Callable[[Row], str | None]
) -> Section:
    """Rows of a sheet as terms with their description, and more of each."""
    items = tuple(
        (
            row["label"],
            ". ".join(filter(None, ((row["description"] or "").rstrip("."), more(row)))) + ".",
        )
        for row in rows
    )
    return Section(anchor, heading, (), (ListBlock(items),) if items else ())


def versions(data: Tables) -> Section:
    """What made the numbers, and what drew them."""
    rows = [(row["component"], row["role"], row["version"]) for row in data["dim_versions"]]
    rows += [(name, role, version(name)) for name, role in DRAWN_BY]
    rows.append(("umbrella-warehouse", "This site", version("umbrella-warehouse")))
    table = DataTable("Versions", ("Part", "What it does", "Version"), tuple(rows), frozenset())
    return Section("section-versions", "Versions", (), (TableBlock("table-versions", table),))


def checksums(rows: list[Row]) -> Section:
    """A checksum of each sheet, so that a reader can tell whether data changed."""
    table = DataTable(
        "Content of each sheet",
        ("Folder", "Sheet", "Rows", "SHA-256 of the cells"),
        tuple(
            (row["folder"], row["sheet"], formats.count(row["n_rows"]), row["content_sha256"])
            for row in rows
        ),
        frozenset({"Rows"}),
    )
    words = "Equal checksums mean equal cells; how a file is quoted or saved makes no difference."
    return Section(
        "section-checksums",
        "Checksums of the sheets",
        (words,),
        (TableBlock("table-sheets", table),),
    )
