"""References of meta-analyses, from what their sheet has: first author, year, title, journal, DOI.

Vancouver numbers them in the order of first mention (ICMJE, Citing Medicine); APA (7th edition)
names author and year and sorts by them. Other authors, volume and pages are not recorded; the RIS
file lets a reference manager complete them from the DOI.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.figure import Row

INITIALS = re.compile(r"(.+?)[ ,]+((?:[A-Z]\.?-?){1,4})")
TITLE_WORDS = 4
UNTITLED = "[Title not recorded]"
INCOMPLETE = (
    "The sheets hold the first author alone, and neither volume nor pages: complete the references "
    "before submission, for example by reading references.ris into a reference manager, which "
    "finds the rest by the DOI."
)


@dataclass(frozen=True)
class Style:
    """How references are written, and how the text names them.

    `write` gives the text of a reference, `cite` what stands in a table; both take the row, and the
    number or the letter that tells it from others of the same author and year.
    """

    name: str
    is_numbered: bool
    write: Callable[[Row, str], str]
    cite: Callable[[Row, str], str]


def vancouver(row: Row, _: str) -> str:
    """Author AB. Title. Journal. Year. doi:..."""
    parts = (row["first_author"], row["title"] or UNTITLED, row["journal"], _year(row, "[no date]"))
    doi = f" doi:{row['doi']}" if row["doi"] else _address(row)
    return " ".join(_sentence(part) for part in parts if part) + doi


def apa(row: Row, letter: str) -> str:
    """Author, A. B. (Year). Title. Journal. https://doi.org/..., or the title before the year."""
    year = f"({_year(row, 'n.d.')}{letter})."
    title = _sentence(row["title"] or UNTITLED)
    head = [apa_author(row["first_author"]), year, title] if row["first_author"] else [title, year]
    journal = [_sentence(row["journal"])] if row["journal"] else []
    doi = f" https://doi.org/{row['doi']}" if row["doi"] else _address(row)
    return " ".join([*head, *journal]) + doi


def apa_author(author: str) -> str:
    """Adelman CB as Adelman, C. B.; a name without initials as it stands."""
    found = INITIALS.fullmatch(author)
    if not found:
        return author
    letters = re.findall(r"[A-Z]", found[2])
    return f"{found[1]}, {' '.join(f'{letter}.' for letter in letters)}"


STYLES = {
    style.name: style
    for style in (
        Style(
            "vancouver",
            True,
            vancouver,
            lambda row, number: f"{_surname(row)} {_year(row, '')}".strip() + f" [{number}]",
        ),
        Style(
            "apa",
            False,
            apa,
            lambda row, letter: f"{_surname(row)}, {_year(row, 'n.d.')}{letter}",
        ),
    )
}


@dataclass(frozen=True)
class References:
    """The references of a manuscript: how each meta-analysis is cited, and the list."""

    cited: Mapping[str, str]
    listed: Sequence[str]


def references(rows: Iterable[Row], style: Style) -> References:
    """Cite and list meta-analyses, given in the order in which the manuscript mentions them."""
    rows = list(rows)
    marks = _numbers(rows) if style.is_numbered else _letters(rows)
    cited = {
        row["meta_analysis_id"]: style.cite(row, marks[row["meta_analysis_id"]]) for row in rows
    }
    texts = [style.write(row, marks[row["meta_analysis_id"]]) for row in rows]
    return References(cited, texts if style.is_numbered else sorted(texts, key=str.casefold))


def ris(rows: Iterable[Row]) -> str:
    """References for reference managers, in the RIS format."""
    records = []
    for row in rows:
        fields = (
            ("TY", "JOUR"), ("ID", row["meta_analysis_id"]), ("AU", _ris_author(row)),
            ("PY", _year(row, "")), ("TI", row["title"]), ("JO", row["journal"]),
            ("DO", row["doi"]), ("UR", row["source_url"]),
        )  # fmt: skip
        lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
        records.append("\r\n".join([*lines, "ER  - ", ""]))
    return "\r\n".join(records)


def _numbers(rows: Sequence[Row]) -> dict[str, str]:
    return {row["meta_analysis_id"]: str(number) for number, row in enumerate(rows, start=1)}


def _letters(rows: Sequence[Row]) -> dict[str, str]:
    """a, b and so on where surname and year are those of others, in the order of titles."""
    shared = Counter((_surname(row), row["year"]) for row in rows)
    used: Counter[tuple] = Counter()
    letters = {}
    for row in sorted(rows, key=lambda row: (row["title"] or "", row["meta_analysis_id"])):
        key = _surname(row), row["year"]
        letters[row["meta_analysis_id"]] = _letter(used[key]) if shared[key] > 1 else ""
        used[key] += 1
    return letters


def _letter(number: int) -> str:
    """a to z, then aa, ab and so on."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("a") + last)


def _surname(row: Row) -> str:
    """The first author's surname; the first words of the title where no author is known."""
    if not row["first_author"]:
        words = (row["title"] or row["citation_label"]).split()
        return " ".join(words[:TITLE_WORDS]) + ("…" if len(words) > TITLE_WORDS else "")
    found = INITIALS.fullmatch(row["first_author"])
    return found[1] if found else row["first_author"]


def _ris_author(row: Row) -> str | None:
    found = INITIALS.fullmatch(row["first_author"] or "")
    return f"{found[1]}, {found[2]}" if found else row["first_author"]


def _year(row: Row, missing: str) -> str:
    return missing if row["year"] is None else str(row["year"])


def _address(row: Row) -> str:
    url = row["source_url"] or ""
    return f" Available from: {url}" if url.startswith(("http://", "https://")) else ""


def _sentence(text: str) -> str:
    text = _one_line(text)
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _one_line(value: object) -> str:
    return " ".join(str(value).split())
