"""References in RIS and BibTeX as rows of the sheet of meta-analyses.

RIS is read here, line by line: a line that is none of RIS is told, where readers of it drop or
shorten such lines. BibTeX is read by bibtexparser, which decodes LaTeX.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from umbrella.errors import UmbrellaError
from umbrella.importing.cells import plain
from umbrella.importing.rows import identifier
from umbrella.sheets.encodings import single_byte_readings, wide_encoding_of
from umbrella.sheets.files import read_whole
from umbrella.sheets.problems import Problem, SheetProblem

SAVE_AS_UTF8 = "the references exported again as UTF-8"

FIELDS = ("authors", "year", "title", "journal", "doi", "volume", "issue", "pages")

RIS_LINE = re.compile(r"([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*))?")
OF_RIS = "lines of a tag, two blanks, a hyphen and a text, between TY and ER"
RIS_AUTHORS = ("AU", "A1")
RIS_FIELDS = {
    "title": ("TI", "T1"),
    "year": ("PY", "Y1", "DA"),
    "journal": ("JF", "T2", "JO", "JA", "J2"),
    "doi": ("DO", "DI"),
    "volume": ("VL",),
    "issue": ("IS",),
}
"""Tags of RIS in the order in which they are taken."""
NUMBER_OF_RECORD = re.compile(r"\d+\.?")
"""What Ovid writes above each record."""
RIS_PLACES = ("SP", "EP")
RIS_LINKS = ("UR", "L1", "L2", "LK", "M3")
"""Tags in which a DOI may stand, where it has no line of its own."""
RIS_NOT_READ = {
    "ID", "AB", "N1", "N2", "KW", "SN", "LA", "DB", "AN", "CY", "PB", "C1", "C2", "C7", "ET", "AD",
    "RN", "DP", "M1", "ST", "TT", "OP", "RP", "SE", "Y2", "A2", "A3", "A4", "ED", "L3", "L4", "AV",
    "U1", "U2", "U3", "U4", "U5", "CN", "CA", "T3", "J1", "BT", "CP", "NV", "PP",
}  # fmt: skip

OF_BIBTEX = (
    "an entry with its key, each field once and closed, and authors as Family, Given and Family, "
    "Given, such as @article{key, title = {...}}"
)
BIBTEX_FIELDS = {
    "title": ("title",),
    "year": ("year", "date"),
    "journal": ("journal", "journaltitle", "booktitle"),
    "doi": ("doi",),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "eid", "articleno"),
}
JOINED = re.compile(r'"\s*#\s*["{\w]|[\w"}]\s*#\s*"')
"""Texts that BibTeX is to join."""
OTHERS = "others"
"""What BibTeX writes for authors that are not named."""
DOI = re.compile(r"10\.\d{4,9}/[^\s\"]+", re.IGNORECASE)
BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
BEHIND_DOI = re.compile(r"(/(abstract|full|fulltext|pdf|epdf|html|summary|meta)|\.pdf)?([?&#].*)?$")
"""What addresses of publishers have behind a DOI."""
FAMILY = re.compile(r"(.+?)(?:\s+[^\W\d_a-z]{1,4})?(?:\s+(?:Jr|Sr|II|III|IV))?")
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}


@dataclass
class Reference:
    """One reference: authors as `Family AB` in order, and what else is printed of it."""

    place: str
    authors: list[str] = field(default_factory=list)
    title: str = ""
    year: str = ""
    journal: str = ""
    doi: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""

    @property
    def label(self) -> str:
        """First author and year, and where it stands."""
        return f"{' '.join(filter(None, (self.family, self.year))) or self.title} ({self.place})"

    @property
    def family(self) -> str:
        """The family name of the first author."""
        return family_of(self.authors[0]) if self.authors else ""

    def cells(self) -> dict[str, str]:
        """The cells of its row; all authors where there are several."""
        cells = {
            "first_author": self.authors[0] if self.authors else "",
            "authors": "; ".join(self.authors),
        }
        cells |= {name: getattr(self, name) for name in FIELDS if name != "authors"}
        return {name: value for name, value in cells.items() if value}

    def identifier(self) -> str:
        """An identifier made of first author and year, else of the title."""
        return identifier(f"{self.family}{self.year}") if self.family else identifier(self.title)


@dataclass
class Read:
    """References of files, what is wrong in these, and what else was in them."""

    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_read: Counter[str] = field(default_factory=Counter)


def read_references(paths: Iterable[Path]) -> Read:
    """The references of RIS and BibTeX files; raises UmbrellaError where one is neither."""
    found = Read()
    for path in paths:
        text = _text_of(path)
        if re.search(r"^\s*TY\s{1,2}-", text, re.MULTILINE):
            _read_ris(text, path.name, found)
        elif re.search(r"^\s*@\w+\s*[{(]", text, re.MULTILINE):
            _read_bibtex(text, path.name, found)
        else:
            right = "RIS, whose records begin with a line TY  - JOUR, or BibTeX, with @article{"
            raise UmbrellaError(f"{path.name}: no reference is in it\nright: {right}")
    for reference in found.references:
        if not reference.title and not reference.doi:
            right = "a title or a DOI, by which it can be told from others"
            problem = "a reference without a title and without a DOI"
            found.problems.append(Problem(reference.place, problem, right))
    return found


def _text_of(path: Path) -> str:
    """The text of a file; raises UmbrellaError where its encoding cannot be told."""
    try:
        raw = read_whole(path, path.name)
    except SheetProblem as found:
        problem = found.problem
        raise UmbrellaError(f"{path.name}: {problem.problem}\nright: {problem.right}") from found
    try:
        text = raw.decode(wide_encoding_of(raw) or "utf-8").removeprefix("\ufeff")
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            problem = f"line {line}: a NUL character, which no text has"
            raise UmbrellaError(f"{path.name}: {problem}\nright: {SAVE_AS_UTF8}")
        return text
    except UnicodeDecodeError as error:
        readings = single_byte_readings(raw)
        if len(readings) == 1:
            return next(iter(readings.values()))
        raise UmbrellaError(f"{path.name}: not UTF-8 text\nright: {SAVE_AS_UTF8}") from error


# --- RIS ------------------------------------------------------------------------------------------


def _read_ris(text: str, name: str, found: Read) -> None:
    for number, lines in enumerate(_records(text, name, found), start=1):
        found.references.append(_of_ris(lines, f"{name}, record {number}", found.not_read))


def _records(text: str, name: str, found: Read) -> Iterator[list[tuple[str, str]]]:
    """The lines of each record as tag and text; a line without a tag goes on with the one above."""
    record: list[tuple[str, str]] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        match = RIS_LINE.fullmatch(line.strip()) if line.strip() else None
        tag, value = (match[1], (match[2] or "").strip()) if match else ("", line.strip())
        if tag == "TY":
            if record is not None:
                _fault(found, name, number, line, "a record begins before the one above ended",
                       "a line 'ER  - ' before it")  # fmt: skip
                yield record
            record = []
        elif tag == "ER":
            if record is None:
                _fault(found, name, number, line, "a record ends that has not begun",
                       "a line 'TY  - JOUR' at its beginning")  # fmt: skip
            else:
                yield record
            record = None
        elif value or tag:
            if record is None and NUMBER_OF_RECORD.fullmatch(value):
                continue
            if record is None or (not tag and not record):
                _fault(found, name, number, line, "a line outside of a record", OF_RIS)
            elif tag:
                record.append((tag, value))
            else:
                above, said = record[-1]
                record[-1] = (above, f"{said} {value}".strip())
    if record is not None:
        _fault(found, name, None, "", "the last record does not end", "a line 'ER  - ' after it")
        yield record


def _fault(found: Read, name: str, number: int | None, line: str, problem: str, right: str) -> None:
    found.problems.append(Problem(name, problem, right, number, None, line or None))


def _of_ris(lines: Sequence[tuple[str, str]], place: str, not_read: Counter[str]) -> Reference:
    def first(tags: Iterable[str]) -> str:
        return next((value for tag in tags for own, value in lines if own == tag and value), "")

    known = {*RIS_AUTHORS, *RIS_PLACES, *(tag for tags in RIS_FIELDS.values() for tag in tags)}
    not_read.update(tag for tag, value in lines if value and tag not in known)
    reference = Reference(place, [author_of(value) for tag, value in lines if tag in RIS_AUTHORS])
    for name, tags in RIS_FIELDS.items():
        setattr(reference, name, _tidy(name, first(tags)))
    links = (doi_of_link(value) for tag, value in lines if tag in RIS_LINKS)
    reference.doi = reference.doi or next(filter(None, links), "")
    reference.pages = _tidy("pages", "-".join(filter(None, map(first, zip(RIS_PLACES)))))
    return reference


# --- BibTeX ---------------------------------------------------------------------------------------


def _read_bibtex(text: str, name: str, found: Read) -> None:
    # Imported here: few commands read it.
    from bibtexparser import middlewares, parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock

    stack = [
        middlewares.SeparateCoAuthors(),
        middlewares.SplitNameParts(),
        middlewares.LatexDecodingMiddleware(),
    ]
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # faults are told below
    library = parse_string(text, append_middleware=stack)
    strings = "\n".join(one.raw for one in library.strings)
    blocks = list(library.entries)
    for block in library.failed_blocks:
        if isinstance(block, DuplicateBlockKeyBlock):
            again = parse_string(f"{strings}\n{block.raw}", append_middleware=stack)
            blocks += again.entries  # another reference with the key of one above
            continue
        reason = getattr(block.error, "abort_reason", "") or str(block.error).partition(" Note:")[0]
        _refuse_entry(found, name, block, f"cannot be read: {reason}", OF_BIBTEX)
    for entry in blocks:
        if JOINED.search(entry.raw or ""):
            right = "the whole text in one pair of braces"
            _refuse_entry(found, name, entry, "texts joined by # are not read", right)
        found.references.append(_of_bibtex(entry, f"{name}, {entry.key}", found.not_read))


def _refuse_entry(found: Read, name: str, block, problem: str, right: str) -> None:
    line, value = (block.start_line or 0) + 1, (block.raw or "")[:60]
    found.problems.append(Problem(name, " ".join(problem.split()), right, line, None, value))


def _of_bibtex(entry, place: str, not_read: Counter[str]) -> Reference:
    fields = {one.key.lower(): one.value for one in entry.fields}
    known = {"author", *(one for names in BIBTEX_FIELDS.values() for one in names)}
    not_read.update(name for name in fields if name not in known)
    authors = [_of_parts(parts) for parts in fields.get("author") or ()]
    reference = Reference(place, [one for one in authors if one != OTHERS])
    not_read.update(["authors that are not named"] * (OTHERS in authors))
    for name, names in BIBTEX_FIELDS.items():
        value = next((str(fields[one]) for one in names if fields.get(one)), "")
        setattr(reference, name, _tidy(name, value))
    reference.doi = reference.doi or doi_of_link(str(fields.get("url", "")))
    return reference


def _of_parts(parts) -> str:
    """An author by the parts of the name: von Last AB Jr."""
    from pylatexenc.latex2text import LatexNodes2Text  # takes long

    decode = LatexNodes2Text().latex_to_text
    family = decode(" ".join([*parts.von, *parts.last]))
    given = _initials(decode(" ".join(parts.first)))
    return " ".join(filter(None, (family, given, decode(" ".join(parts.jr)))))


# --- the parts of a reference ---------------------------------------------------------------------


def author_of(text: str) -> str:
    """`Smith, Anna B., Jr.` as Smith AB Jr; a name without a comma as it stands."""
    parts = [part.strip() for part in text.rstrip(" ,;").split(",")]
    if len(parts) == 1:
        return " ".join(parts[0].split())
    suffix = [part.strip(".") for part in parts[1:] if part.strip(".").lower() in SUFFIXES]
    given = " ".join(part for part in parts[1:] if part.strip(".").lower() not in SUFFIXES)
    return " ".join(filter(None, (" ".join(parts[0].split()), _initials(given), *suffix)))


def _initials(given: str) -> str:
    """Anna-Maria B. as AMB; letters that are initials already stay."""
    words = re.findall(r"[^\W\d_]+", given)
    return "".join(word if word.isupper() and len(word) < 4 else word[0].upper() for word in words)


def family_of(author: str) -> str:
    """The family name in `Family AB`."""
    found = FAMILY.fullmatch(author.strip())
    return found[1] if found else author


def tidy_doi(text: str) -> str:
    """A DOI without a resolver or punctuation behind it, in lower case; empty where it is none."""
    found = DOI.search(unescape(unquote(text)))
    doi = found[0].partition("</")[0].lower() if found else ""
    while doi and (doi[-1] in ".,;:'" or _is_unopened(doi)):
        doi = doi[:-1]
    return doi


def _is_unopened(text: str) -> bool:
    """Whether the bracket at the end of a text closes none in it."""
    close = text[-1]
    return close in BRACKETS and text.count(close) > text.count(BRACKETS[close])


def doi_of_link(text: str) -> str:
    """The DOI in an address, of a publisher too; empty where there is none."""
    found = DOI.search(text)
    return tidy_doi(BEHIND_DOI.sub("", found[0].rstrip("/"))) if found else ""


def key_of_title(title: str) -> str:
    """A title by which two of the same are told: plain words without articles at the beginning."""
    return re.sub(r"^(the|a|an) ", "", plain(re.sub(r"<[^>]+>", "", title)))


def _tidy(name: str, value: str) -> str:
    value = " ".join(value.split())
    if name == "year":
        found = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", value)
        return found[0] if found else ""
    if name == "doi":
        return tidy_doi(value)
    if name == "pages":
        first, _, last = re.sub(r"\s*[-\u2010-\u2014]+\s*", "-", value).partition("-")
        return f"{first}-{last}" if last and last != first else first
    return value.rstrip(" .") if name == "title" else value
