"""RevMan's reviews: `.rm5` of RevMan 5, and the data package of RevMan Web.

Both are read into the same outcomes with their trials. The layouts are those of a file that RevMan
wrote (the example of the R package meta), and of what public programs read and write.
"""

import csv
import io
import math
import re
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from umbrella.errors import UmbrellaError
from umbrella.importing.cells import plain
from umbrella.importing.columns import measure_of
from umbrella.importing.references import tidy_doi
from umbrella.sheets.files import read_whole
from umbrella.sheets.problems import SheetProblem

KINDS = {"DICH": "dichotomous", "CONT": "continuous", "IV": "contrast", "IPD": "o_e"}
"""Outcomes of RevMan 5 by the beginning of their names; OTHER has no numbers."""

WEB_KINDS = {
    "dichotomous": "dichotomous", "continuous": "continuous", "contrast level": "contrast",
    "generic inverse variance": "contrast", "o e and variance": "o_e",
}  # fmt: skip

MEASURES = {
    "or": "odds_ratio", "peto or": "odds_ratio", "peto odds ratio": "odds_ratio",
    "rr": "risk_ratio", "rd": "risk_difference", "md": "mean_difference", "smd": "smd",
    "std mean difference": "smd", "risk difference": "risk_difference",
}  # fmt: skip
METHODS = {
    "mh": "mantel_haenszel", "mantel haenszel": "mantel_haenszel", "peto": "peto",
    "iv": "inverse_variance", "inverse variance": "inverse_variance",
    "exp o e var": "inverse_variance",
}  # fmt: skip
RATIOS = ("odds_ratio", "risk_ratio", "hazard_ratio", "incidence_rate_ratio")
KEY = ("Analysis group", "Analysis number")
WEB_FILES = ("overall-estimates-and-settings.csv", "data-rows.csv")
WEB_SUBGROUPS = "subgroup-estimates.csv"
WEB_COLUMNS = {
    WEB_FILES[0]: (*KEY, "Data type"),
    WEB_FILES[1]: (*KEY, "Study"),
    WEB_SUBGROUPS: (*KEY, "Subgroup"),
}
"""Files of the package that are read, with the columns without which nothing can be told."""
LARGEST_UNPACKED = 200_000_000
"""Bytes of all that is read of a package of RevMan Web."""
DEEPEST = 1
"""Packages in a package in a package are none that RevMan writes."""
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, UnicodeDecodeError, csv.Error,
)  # fmt: skip
"""What reading a broken, an encrypted or another package may raise."""

Attributes = Mapping[str, str]


@dataclass(frozen=True)
class Total:
    """A result as RevMan prints it, ratios as such; None where it prints none."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    tau2: float | None = None
    q: float | None = None
    i2: float | None = None
    p: float | None = None
    k: int | None = None
    n: tuple[int | None, int | None] = (None, None)
    pi: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True)
class Trial:
    """A row of an outcome: numbers of both arms as printed, its effect, the subgroup it is in."""

    study: str
    year: str
    subgroup: str
    numbers: Mapping[str, str]
    """Events, totals, means and standard deviations of arm 1 and 2, such as `EVENTS_1`."""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    """Of the logarithm for ratios."""
    is_estimable: bool = True


@dataclass
class Outcome:
    """An outcome of a comparison, how RevMan pools it, and what it gets."""

    comparison: str
    comparison_no: str
    name: str
    no: str
    kind: str
    measure: str
    measure_word: str
    method: str
    is_random: bool
    level: float
    study_level: float
    """Confidence levels of its result and of the limits of its rows."""
    is_swapped: bool = False
    unit: str = ""
    labels: tuple[str, str] = ("", "")
    graph_labels: tuple[str, str] = ("", "")
    has_total: bool = True
    is_wald: bool = True
    """Whether its limits are normal ones."""
    total: Total = field(default_factory=Total)
    subtotals: dict[str, Total] = field(default_factory=dict)
    trials: list[Trial] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"comparison {self.comparison_no}, outcome {self.no}"


@dataclass
class Review:
    """A review with its outcomes; what is in its file and is not read."""

    title: str = ""
    doi: str = ""
    year: str = ""
    authors: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    not_read: Counter[str] = field(default_factory=Counter)


def read_review(path: Path) -> Review:
    """The review in a file; raises UmbrellaError where it is neither of the two kinds."""
    try:
        raw = read_whole(path, path.name)
    except SheetProblem as found:
        problem = found.problem
        raise UmbrellaError(f"{path.name}: {problem.problem}\nright: {problem.right}") from found
    if raw.startswith(b"PK\x03\x04"):
        return _of_package(raw, path.name)
    if b"<COCHRANE_REVIEW" in raw:
        return _of_xml(raw, path.name)
    right = "a file of RevMan 5 (.rm5), or the data package of RevMan Web (.zip)"
    raise UmbrellaError(f"{path.name}: no review of RevMan is in it\nright: {right}")


# --- RevMan 5 -------------------------------------------------------------------------------------


def _of_xml(raw: bytes, name: str) -> Review:
    # Imported here: few commands read XML. Entities and what lies outside of the file are refused.
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(raw)
    except ParseError as error:
        line, column = error.position
        problem = f"line {line}, column {column}: no XML: {error.msg}"
        raise UmbrellaError(f"{name}: {problem}\nright: the file as RevMan wrote it") from error
    except DefusedXmlException as error:
        right = "a review without entities, as RevMan writes it"
        problem = "it declares entities, which are never read"
        raise UmbrellaError(f"{name}: {problem}\nright: {right}") from error
    except (ValueError, LookupError) as error:
        problem = f"its encoding cannot be read: {error}"
        raise UmbrellaError(f"{name}: {problem}\nright: UTF-8, as RevMan writes it") from error
    studies = {one.get("ID", ""): one for one in root.iter("STUDY")}
    review = Review(
        title=_text(root.find("COVER_SHEET"), "TITLE"),
        doi=tidy_doi(root.get("DOI", "")),
        year=next((found.get("YEAR", "") for found in root.iter("REVIEW_PUBLISHED")), ""),
        authors=[one for person in root.iterfind(".//CREATORS/PERSON") if (one := _author(person))],
    )
    for place, comparison in enumerate(root.iter("COMPARISON"), start=1):
        comparison.attrib.setdefault("NO", str(place))
        outcomes = [one for one in comparison if one.tag.endswith("_OUTCOME")]
        for number, outcome in enumerate(outcomes, start=1):
            outcome.attrib.setdefault("NO", str(number))
            kind = outcome.tag.removesuffix("_OUTCOME")
            if kind in KINDS:
                review.outcomes.append(_outcome_of_xml(comparison, outcome, kind, studies))
            else:
                review.not_read["outcomes of text alone"] += 1
    review.not_read["references of studies"] = sum(1 for _ in root.iterfind(".//STUDY/REFERENCE"))
    ratings = sum(1 for _ in root.iter("QUALITY_ITEM_DATA_ENTRY"))
    review.not_read["ratings of risk of bias"] = ratings
    return review


def _outcome_of_xml(comparison: Any, node: Any, kind: str, studies: Mapping[str, Any]) -> Outcome:
    word = node.get("EFFECT_MEASURE") or _text(node, "EFFECT_MEASURE")
    is_log = node.get("LOG_DATA") == "YES"
    totals = node.get("TOTALS", "YES")
    level = _level(node.get("CI_TOTAL"))
    outcome = Outcome(
        comparison=_text(comparison, "NAME"),
        **_measure(word, KINDS[kind], is_linear=node.get("LOG_DATA") == "NO"),
        comparison_no=comparison.get("NO", ""),
        name=_text(node, "NAME"),
        no=node.get("NO", ""),
        kind=KINDS[kind],
        method=METHODS.get(plain(node.get("METHOD", "IV")), "inverse_variance"),
        is_random=node.get("RANDOM") == "YES",
        level=level,
        study_level=_level(node.get("CI_STUDY"), level),
        is_swapped=node.get("SWAP_EVENTS") == "YES",
        unit=node.get("UNITS", "").strip(),
        labels=(_text(node, "GROUP_LABEL_1"), _text(node, "GROUP_LABEL_2")),
        graph_labels=(_text(node, "GRAPH_LABEL_1"), _text(node, "GRAPH_LABEL_2")),
        has_total=totals == "YES",
        total=_total_of_xml(node),
    )
    for data in node.iterfind(f"{kind}_DATA"):
        outcome.trials.append(_trial_of_xml(data, "", studies, is_log))
    for subgroup in node.iterfind(f"{kind}_SUBGROUP"):
        name = _text(subgroup, "NAME") or f"Subgroup {subgroup.get('NO', '')}"
        if name in outcome.subtotals:
            name = f"{name} ({len(outcome.subtotals) + 1})"
        outcome.subtotals[name] = Total() if totals == "NO" else _total_of_xml(subgroup)
        outcome.trials += [_trial_of_xml(data, name, studies, is_log)
                           for data in subgroup.iterfind(f"{kind}_DATA")]  # fmt: skip
    return outcome


def _total_of_xml(node: Any) -> Total:
    if node.get("ESTIMABLE") == "NO":
        return Total(k=_whole(node.get("STUDIES")))
    return Total(
        number_in(node.get("EFFECT_SIZE")), number_in(node.get("CI_START")),
        number_in(node.get("CI_END")), number_in(node.get("TAU2")), number_in(node.get("CHI2")),
        number_in(node.get("I2")), number_in(node.get("P_Z")), _whole(node.get("STUDIES")),
        (_whole(node.get("TOTAL_1")), _whole(node.get("TOTAL_2"))),
    )  # fmt: skip


def _trial_of_xml(data: Any, subgroup: str, studies: Mapping[str, Any], is_log: bool) -> Trial:
    identifier = data.get("STUDY_ID", "")
    study = studies.get(identifier)
    name = study.get("NAME", "") if study is not None else ""
    estimate, se = number_in(data.get("EFFECT_SIZE")), number_in(data.get("SE"))
    if estimate is None and (raw := number_in(data.get("ESTIMATE"))) is not None:
        estimate = _ratio(raw) if is_log else raw
    if data.tag == "IPD_DATA":
        estimate, se = _of_o_e(data.get("O_E"), data.get("VAR")) or (estimate, se)
    return Trial(
        name or _decoded(identifier.removeprefix("STD-")),
        (study.get("YEAR", "") if study is not None else "").strip(" ."),
        subgroup,
        {key: data.get(key, "") for key in NUMBERS if data.get(key)},
        estimate, number_in(data.get("CI_START")), number_in(data.get("CI_END")), se,
        data.get("ESTIMABLE", "YES") != "NO",
    )  # fmt: skip


NUMBERS = tuple(f"{what}_{arm}" for what in ("EVENTS", "TOTAL", "MEAN", "SD") for arm in (1, 2))


def _author(person: Any) -> str:
    """An author as Family AB."""
    initials = "".join(_text(person, part)[:1] for part in ("FIRST_NAME",))
    middle = re.sub(r"[^A-Za-z]", "", _text(person, "MIDDLE_INITIALS"))
    return " ".join(filter(None, (_text(person, "LAST_NAME"), f"{initials}{middle}")))


def _text(node: Any, tag: str) -> str:
    """The text of an element below this one, with that of the elements in it."""
    found = node.find(tag) if node is not None else None
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _decoded(identifier: str) -> str:
    """An identifier with the characters that RevMan writes as their codes."""
    return re.sub(r"_x([0-9a-fA-F]{4})_", lambda found: chr(int(found[1], 16)), identifier)


# --- RevMan Web -----------------------------------------------------------------------------------


def _of_package(raw: bytes, name: str) -> Review:
    try:
        files = _Package(name, LARGEST_UNPACKED).files(raw)
    except UNREADABLE as error:
        right = "the data package as RevMan Web wrote it, whose tables are CSV in UTF-8"
        problem = f"the package cannot be read: {error}"
        raise UmbrellaError(f"{name}: {problem}\nright: {right}") from error
    missing = [one for one in WEB_FILES if one not in files]
    if missing:
        right = f"a data package of RevMan Web with files that end in {' and '.join(WEB_FILES)}"
        raise UmbrellaError(f"{name}: no {' and no '.join(missing)} is in it\nright: {right}")
    settings, rows = (files[one] for one in WEB_FILES)
    review = Review(title=re.sub(r"[-_ ]*(dataPackage|data)?$", "", name.rpartition(".")[0]))
    by_key: dict[tuple[str, str], Outcome] = {}
    unread = set()
    for row in settings:
        if _key(row) in by_key or _key(row) in unread:
            where = f"{KEY[0]} {_key(row)[0]!r}, {KEY[1]} {_key(row)[1]!r}"
            problem = f"{WEB_FILES[0]}: {where} stands twice"
            raise UmbrellaError(f"{name}: {problem}\nright: a row for each analysis")
        kind = WEB_KINDS.get(plain(row.get("Data type", "")))
        if kind is None:
            review.not_read[f"outcomes of the type {row.get('Data type', '')!r}"] += 1
            unread.add(_key(row))
            continue
        outcome = _outcome_of_web(row, kind)
        by_key[_key(row)] = outcome
        review.outcomes.append(outcome)
    for row in files.get(WEB_SUBGROUPS, ()):
        if _key(row) in by_key:
            by_key[_key(row)].subtotals[row.get("Subgroup", "")] = _total_of_web(row)
    for row in rows:
        if _key(row) in by_key:
            outcome = by_key[_key(row)]
            outcome.trials.append(_trial_of_web(row, outcome))
        elif _key(row) not in unread:
            review.not_read["rows of analyses that the settings do not name"] += 1
    for outcome in review.outcomes:
        outcome.total = _with_k(outcome.total, outcome.trials)
    others = files.keys() - WEB_COLUMNS.keys()
    review.not_read |= {f"rows of {one}": len(files[one]) for one in sorted(others)}
    return review


@dataclass
class _Package:
    """Reads the tables of a package, and no more bytes than it may have."""

    name: str
    left: int

    def files(self, raw: bytes) -> dict[str, list[dict[str, str]]]:
        """The rows of its CSV files by the end of their names, those of packages in it, too."""
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        read: set[str] = set()
        for base, content in self._tables(raw, 0):
            short = re.sub(r"^[A-Z]{2}\d+(\.pub\d+)?-|^\d+-", "", base)
            short = next((one for one in WEB_COLUMNS if base.endswith(one)), short)
            if short in read and short in WEB_COLUMNS:
                self._refuse(f"{short} is in it twice", "the package of one review")
            read.add(short)
            found[short] += self._rows(base, content, WEB_COLUMNS.get(short, ()))
        return dict(found)

    def _tables(self, raw: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for info in packed.infolist():
                base = info.filename.rpartition("/")[2]
                if not base.endswith((".zip", ".csv")):
                    continue
                self.left -= info.file_size
                if self.left < 0:
                    right = f"at most {LARGEST_UNPACKED:,} bytes unpacked"
                    self._refuse(f"too large with {info.filename}", right)
                if base.endswith(".csv"):
                    yield base, packed.read(info)
                elif depth < DEEPEST:
                    yield from self._tables(packed.read(info), depth + 1)
                else:
                    self._refuse(f"{base} lies too deep in it", "tables, or packages of tables")

    def _rows(self, base: str, content: bytes, needed: Sequence[str]) -> list[dict[str, str]]:
        text = content.decode("utf-8-sig", "strict")
        reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
        missing = [one for one in needed if one not in (reader.fieldnames or ())]
        if missing:
            self._refuse(f"{base} has no column {', '.join(missing)}",
                         "the table as RevMan Web wrote it")  # fmt: skip
        rows = []
        for row in reader:
            if None in row:
                problem = f"{base}, line {reader.line_num}: more cells than the header has"
                self._refuse(problem, f"{len(reader.fieldnames or ())} cells")
            rows.append(row)
        return rows

    def _refuse(self, problem: str, right: str) -> NoReturn:
        raise UmbrellaError(f"{self.name}: {problem}\nright: {right}")


def _key(row: Attributes) -> tuple[str, str]:
    return row[KEY[0]].strip(), row[KEY[1]].strip()


def _outcome_of_web(row: Attributes, kind: str) -> Outcome:
    word = row.get("Effect measure", "")
    group, number = _key(row)
    level = row.get("CI/PI level") or row.get("Estimate CI") or row.get("Study CI") or "95%"
    method = METHODS.get(plain(row.get("Statistical method", "")), "inverse_variance")
    is_peto = "peto" in plain(word)
    return Outcome(
        comparison=row.get("Analysis group name", "").strip() or f"Comparison {group}",
        comparison_no=group,
        name=row.get("Analysis name", "").strip() or f"Outcome {number}",
        no=number,
        kind=kind,
        **_measure(word, kind, is_linear=_is_false(row.get("Log-scale data", ""))),
        method="peto" if is_peto and kind == "dichotomous" else method,
        is_random=row.get("Analysis model", "").lower().startswith("random"),
        level=_level(level),
        study_level=_level(row.get("Study CI"), _level(level)),
        is_swapped=_is_true(row.get("Swap event and non-event", "")),
        unit=_said(row.get("Unit of effect measure", "")),
        labels=(
            _said(row.get("Experimental group label", "")) or "Experimental",
            _said(row.get("Control group label", "")) or "Control",
        ),
        graph_labels=(
            _said(row.get("Graph label (left)", "")), _said(row.get("Graph label (right)", "")),
        ),
        has_total=not _is_false(row.get("Overall estimates", "TRUE")),
        is_wald=plain(row.get("CI method", "wald")) in ("", "wald", "wald type", "n a"),
        total=_total_of_web(row),
    )  # fmt: skip


def _total_of_web(row: Attributes) -> Total:
    def number(name: str) -> float | None:
        return number_in(row.get(name))

    return Total(
        number("Mean"), number("CI start"), number("CI end"), number("Heterogeneity Tau\u00b2"),
        number("Heterogeneity Chi\u00b2"), i2_of(row),
        number("Effect P"), None,
        (_whole(row.get("Experimental N")), _whole(row.get("Control N"))),
        (number("PI start"), number("PI end")),
    )  # fmt: skip


def _with_k(total: Total, trials: Sequence[Trial]) -> Total:
    return replace(total, k=sum(one.is_estimable for one in trials) or None)


WEB_NUMBERS = {
    "EVENTS_1": "Experimental cases", "TOTAL_1": "Experimental N", "MEAN_1": "Experimental mean",
    "SD_1": "Experimental SD", "EVENTS_2": "Control cases", "TOTAL_2": "Control N",
    "MEAN_2": "Control mean", "SD_2": "Control SD",
}  # fmt: skip


def _trial_of_web(row: Attributes, outcome: Outcome) -> Trial:
    said = {key: _said(row.get(name, "")) for key, name in WEB_NUMBERS.items()}
    estimate, low, high = (number_in(row.get(name)) for name in ("Mean", "CI start", "CI end"))
    se = number_in(row.get("GIV SE")) or None
    if outcome.kind == "o_e":
        estimate, se = _of_o_e(row.get("O-E"), row.get("Variance")) or (estimate, se)
    elif outcome.kind == "contrast" and estimate is None and row.get("GIV Mean"):
        given = number_in(row.get("GIV Mean"))
        is_ratio = outcome.measure in RATIOS and given is not None
        estimate = _ratio(given) if is_ratio and given is not None else given
    return Trial(
        row.get("Study", "").strip(), row.get("Study year", "").strip(" ."),
        _said(row.get("Subgroup", "")), {key: value for key, value in said.items() if value},
        estimate, low, high, se, estimate is not None,
    )  # fmt: skip


# --- cells ----------------------------------------------------------------------------------------


def measure_named(word: str) -> str:
    """The code of a measure as RevMan names it; empty where none is known."""
    return MEASURES.get(plain(word)) or measure_of(word)


def _measure(word: str, kind: str, *, is_linear: bool) -> dict[str, str]:
    """The measure of an outcome with its word.

    None is known of ratios by generic inverse variance that were entered as such: their standard
    errors are not those of logarithms, by which ratios are pooled.
    """
    measure = measure_named(word)
    if kind == "contrast" and is_linear and measure in RATIOS:
        return {"measure": "", "measure_word": f"{word}, not as a logarithm"}
    return {"measure": measure, "measure_word": word}


def _said(text: str) -> str:
    text = text.strip()
    return "" if text in ("#N/A", "N/A", "NA") else text


def _ratio(logarithm: float) -> float | None:
    """The ratio of a logarithm; None where it is larger than any number."""
    try:
        return math.exp(logarithm)
    except OverflowError:
        return None


def _of_o_e(excess: str | None, variance: str | None) -> tuple[float | None, float] | None:
    """Ratio and standard error of its logarithm by O-E and V; None without a positive V."""
    o_e, v = number_in(excess), number_in(variance)
    return None if o_e is None or not v or v < 0 else (_ratio(o_e / v), 1 / math.sqrt(v))


def _level(text: str | None, usual: float = 0.95) -> float:
    """A confidence level as a fraction, written so or in percent."""
    said = number_in(text)
    return (said if said < 1 else said / 100) if said else usual


def number_in(text: str | None) -> float | None:
    """A finite number, with or without a percent sign; None for any other text."""
    try:
        value = float(_said(text or "").strip(" %"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _whole(text: str | None) -> int | None:
    value = number_in(text)
    return int(value) if value is not None else None


def i2_of(row: Attributes) -> float | None:
    """I2 as a percentage; written as a fraction where Q and its degrees of freedom say so."""
    text = row.get("Heterogeneity I\u00b2")
    value = number_in(text)
    if value is None or "%" in (text or "") or not 0 < value <= 1:
        return value
    q, df = (number_in(row.get(f"Heterogeneity {name}")) for name in ("Chi\u00b2", "df"))
    if not q or df is None:
        return 100 * value
    implied = 100 * max(0.0, 1 - df / q)
    return min(value, 100 * value, key=lambda one: abs(one - implied))


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("true", "yes", "y", "1")


def _is_false(text: str) -> bool:
    return text.strip().lower() in ("false", "no", "n", "0")
