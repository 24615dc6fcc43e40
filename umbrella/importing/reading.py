"""Read the cells of a table of results by what their columns hold.

A row becomes values under our names, numbers with a point; what is wrong is noted in the source.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from umbrella.importing.cells import (
    NOT_SIGNIFICANT,
    ORDINARY_LEVEL,
    Marks,
    Refused,
    Split,
    counts,
    excludes_null,
    plain,
    split,
    translated,
    verdict,
    with_fraction,
)
from umbrella.importing.columns import IN_BRACKETS, Role, measure_of, words_of
from umbrella.importing.contents import certainty_of
from umbrella.importing.languages import IN_CELLS
from umbrella.importing.own_columns import NUMERIC, codes_of, kind_of
from umbrella.importing.source import Row, Source
from umbrella.sheets.numerals import is_missing, split_bound
from umbrella.sheets.units import person_time_in

RATE, INCIDENCE, UNKNOWN = "proportion", "incidence_rate", "unclear"
"""Measures whose rows are rates: in percent, per person-time; and of rows without a code for it."""

COUNTS = {
    "n_comparisons": 1, "n_total": 1, "n_cases": 0, "n_controls": 0, "n_significant": 0,
    "n_intervention": 1, "n_control": 1, "events": 0, "events_intervention": 0,
    "events_control": 0, "without_intervention": 0, "without_control": 0,
}  # fmt: skip
"""Whole numbers, with the smallest that each can be."""

WITH_OPERATOR = ("n_cases", "n_total", "i2")
"""Numbers beside P-values that may be printed as a bound."""

PERCENT_ALONE = re.compile(r"^(?!.*\b[nN]\b).*(%|\bper ?cent)\s*[)\]]?\s*$", re.IGNORECASE)
"""A name of a column that ends in percent and names no number beside it."""

NUMBERS = ("se", "sd", "variance", "tau2", "q", "n_significant_expected", "person_time")
GROUPED = re.compile(r"[1-9]\d{0,2}([., \u00a0\u202f]\d{3})+")
OF_SPREAD_OR_TIME = ("sd_", "time_")
INTERVALS = {
    "estimate": ("estimate", "ci_low", "ci_high"),
    "interval": ("", "ci_low", "ci_high"),
    "prediction": ("", "pi_low", "pi_high"),
    "largest": ("largest_estimate", "largest_ci_low", "largest_ci_high"),
    "largest_interval": ("largest_estimate", "largest_ci_low", "largest_ci_high"),
}
"""Columns whose cells hold an interval, and where its parts go."""

TESTS = {
    "egger": ("egger_p", "small_study_effects"),
    "excess": ("excess_significance_p", "excess_significance"),
}
"""Tests that a table prints as a P, as a verdict or as both, and where these go."""

IN_PERCENT = "_in_percent"
"""Behind the name of a value: that it has a percent sign."""

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""What no means where yes means the other."""

VERDICTS = ("largest_significant",)

NEVER_MULTIPLIED = ("p_value", "ci_level")
"""Numbers beside an estimate that have no unit."""

JOINED = ("subtype",)
"""What several columns may say together, such as population and country."""

Values = dict[str, str]


@dataclass
class Reading:
    """A table with what its columns hold; what was done to its cells is counted."""

    source: Source
    columns: Mapping[str, Role]
    words: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    done: Counter[str] = field(default_factory=Counter)
    """Ways in which cells were read that are worth telling, with the number of cells."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """What columns of the sheets hold in every row, by `sheet.column`."""
    percent: set[str] = field(default_factory=set)
    """Columns with a percent sign in their name."""

    def __post_init__(self) -> None:
        """Note the columns whose name says percent."""
        self.percent |= {name for name in self.columns if "%" in _without_level(name)}

    def values(self, row: Row) -> Values:
        """All that a row says, under our names."""
        values: Values = {}
        for name, role in self.columns.items():
            cell = self._cell(row, name, role)
            if cell:
                try:
                    read = self._read(row, name, role, cell)
                except Refused as why:
                    right = "one value, or values that can be read in one way"
                    row.fault(name, row.cells[name], str(why), right)
                    continue
                if role.times:
                    read = self._multiplied(row, name, role, read)
                self._merge(row, name, values, read)
        of_names = {role.measure for role in self.columns.values() if role.measure}
        of_name = of_names.pop() if len(of_names) == 1 else UNKNOWN
        of_time = INCIDENCE if "person_time" in values and of_name == UNKNOWN else of_name
        values.setdefault("measure", self.measures.get("", of_time))
        for ours, value in self.constants.items():
            values.setdefault(ours, value)
        return values

    def _cell(self, row: Row, name: str, role: Role) -> str:
        """A cell without footnote marks and with the caller's word for it; empty where missing."""
        row.source.taken.add(name)
        is_number = is_of_numbers(role)
        cell = self.marks.without(name, row.cells[name], is_number=is_number)
        cell = translated(cell, self.words).strip()
        if is_number and is_missing(IN_CELLS.meaning(cell)):
            return ""
        return "" if is_missing(cell) else " ".join(cell.split())

    def _multiplied(self, row: Row, name: str, role: Role, read: Values) -> Values:
        """The numbers of a column, multiplied as the map says; counts must then be whole."""
        done = dict(read)
        for ours, value in read.items():
            is_other = ours in NEVER_MULTIPLIED and ours not in role.holds
            try:
                number = Decimal(value) * Decimal(role.times)
            except InvalidOperation:
                continue
            if is_other or ours.endswith(IN_PERCENT):
                continue
            if ours in COUNTS and number != number.to_integral_value():
                row.fault(name, row.cells[name], f"times {role.times} is no whole number", "one")
            done[ours] = _in_digits(number)
        self.done[f"{name}: multiplied by {role.times}"] += 1
        return done

    def _merge(self, row: Row, name: str, values: Values, read: Values) -> None:
        """Add what one cell says; two cells that differ on one thing are a problem."""
        for ours, value in read.items():
            if ours in JOINED and ours in values:
                values[ours] += f", {value}"
                self.done[f"{name}: joined with the other {ours}"] += 1
                continue
            if ours != "measure_word" and values.get(ours, value) != value:
                there = values[ours]
                problem = f"another {ours.replace('_', ' ')} than elsewhere in the row: {there}"
                row.fault(name, row.cells[name], problem, "one of them")
            values[ours] = value

    def _read(self, row: Row, name: str, role: Role, cell: str) -> Values:
        if role.criterion:
            return self._criterion(role, cell)
        if len(role.holds) > 1:
            return self._pair(row, name, role, cell)
        [holds] = role.holds
        if holds in INTERVALS:
            return self._interval(row, name, role, cell)
        if holds in TESTS:
            return self._test(row, name, holds, cell)
        if holds in ("arm_intervention", "arm_control"):
            return self._arm(row, name, holds, cell)
        if holds == "measure":
            return {"measure": self.measure(cell), "measure_word": cell}
        if holds == "p_value":
            return self._p(row, name, holds, cell)
        if holds == "largest_p":
            return self._largest_p(row, name, cell)
        if holds in VERDICTS:
            return {holds: self._verdict(cell)}
        if kind_of(holds):
            return self._own(row, name, holds, cell)
        if holds == "certainty" and not certainty_of(cell):
            raise Refused("no rating of GRADE: high, moderate, low, very low (--read WORD=high)")
        if holds in TEXTS:
            return self._text(name, role, cell)
        read = self._number(row, name, holds, cell)
        is_of_time = holds == "person_time" and role.unit
        return read | ({"time_unit": role.unit} if is_of_time else {})

    def _own(self, row: Row, name: str, holds: str, cell: str) -> Values:
        """What goes into a column of the sheets as it is: a text, or a number with a point."""
        if kind_of(holds) not in NUMERIC:
            return {holds: cell}
        _, number, _ = split_bound(cell)
        is_whole = kind_of(holds) == "integer" and not self.columns[name].times
        value = self._numeral(row, name, number, is_whole=is_whole)
        return {holds: value} if value else {}

    def _text(self, name: str, role: Role, cell: str) -> Values:
        [holds] = role.holds
        found = re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", cell)
        if role.unit != IN_BRACKETS or not found:
            return {holds: cell}
        self.done[f"{name}: the text in brackets read as unit"] += 1
        return {holds: found[1], "measure_unit": found[2]}

    def holds(self, ours: str) -> bool:
        """Whether a column, or what is said of all rows, holds this."""
        return ours in self.constants or any(ours in role.holds for role in self.columns.values())

    def measure(self, word: str) -> str:
        """The measure of a word."""
        said = {plain(name): code for name, code in self.measures.items() if name}
        is_code = word in codes_of("reported_effects.measure")
        return said.get(plain(word)) or measure_of(word) or (word if is_code else UNKNOWN)

    def _number(self, row: Row, name: str, ours: str, cell: str) -> Values:
        """A single number; of counts and I2 also one that is printed as a bound."""
        if ours == "i2":
            cell = self._without_p(self._without_interval(cell, name), name)
        operator, number, percent = split_bound(cell)
        if operator and operator != "=" and ours not in WITH_OPERATOR:
            raise Refused(f"a bound, {operator} {number}, which cannot be kept of {ours}")
        if ours in COUNTS and (percent or PERCENT_ALONE.search(name)):
            raise Refused("a percentage, where a number of people or events is meant")
        # Nobody prints a thousandth of a person-year: 10,233 of them are ten thousand.
        is_grouped = ours == "person_time" and GROUPED.fullmatch(number.strip())
        is_whole = (ours in COUNTS or is_grouped) and not self.columns[name].times
        whole = {"minimum": COUNTS.get(ours, 0), "is_whole": True} if is_whole else {}
        is_positive = ours in (*NUMBERS, "i2") or ours.startswith(OF_SPREAD_OR_TIME)
        limits = whole or ({"minimum": 0} if is_positive else {})
        if ours == "i2":
            limits["maximum"] = 100
        value = self._numeral(row, name, number, **limits)
        read = {ours: value} | self._signed(name, (ours,), percent) if value else {}
        return read | ({f"{ours}_operator": operator} if read and operator else {})

    def _numeral(self, row: Row, name: str, text: str, **limits: float) -> str:
        return replace(row, cells={**row.cells, name: text}).number_text(name, **limits)

    def _without_interval(self, cell: str, name: str) -> str:
        try:
            found = split(cell, name, self.source.numerals)
        except Refused:
            found = None
        if not found or not found.estimate:
            return cell
        self.done[f"{name}: interval of I2 not taken over"] += 1
        return found.estimate + ("%" if found.is_percent else "")

    def _without_p(self, cell: str, name: str) -> str:
        """I2 without the P of heterogeneity in brackets, where the name of the column says so."""
        found = re.fullmatch(r"(.+?)\s*[(\[](?:p\s*)?([^()\[\]]+)[)\]]", cell, re.IGNORECASE)
        if not found or not re.search(r"\bp\b", words_of(name)):
            return cell
        self.done[f"{name}: P of heterogeneity not taken over"] += 1
        return found[1]

    def _pair(self, row: Row, name: str, role: Role, cell: str) -> Values:
        holds = role.holds
        parts = counts(self._without_share(cell))
        if len(parts) != len(holds):
            # "14,000, 410,000": a comma before a space parts, one before a digit groups.
            parts = re.split(r",\s+", cell.strip())
        if len(parts) != len(holds):
            raise Refused(f"one number, where {' and '.join(holds)} are meant")
        read: Values = {}
        for ours, part in zip(holds, parts, strict=True):
            is_test = ours in TESTS
            read |= (self._test if is_test else self._number)(row, name, ours, part)
        self.done[f"{name}: split into {' and '.join(holds)}"] += 1
        return read | ({"measure_unit": role.unit} if role.unit else {})

    def _without_share(self, cell: str) -> str:
        """Two counts without the percentage behind them, which must be theirs."""
        shares, rest = with_fraction(cell)
        if not shares or not rest:
            return cell
        read = self.source.numerals.read
        events, total = (read("", count, is_whole=True).text for count in shares)
        percent = read("", rest.strip(" %")).text
        if not (events and total and percent) or "%" not in rest:
            return cell
        share = 100 * float(events) / float(total)
        if abs(share - float(percent)) > 0.5 * 10 ** -len(percent.partition(".")[2]) * (1 + 1e-9):
            raise Refused(f"{events} of {total} are {share:.4g} %, not {percent} %")
        return "/".join(shares)

    def _interval(self, row: Row, name: str, role: Role, cell: str) -> Values:
        """An estimate with its interval, an interval or a number; a verdict in its place."""
        [holds] = role.holds
        said = self._interval_in_words(role, cell)
        if said:
            return said
        shares, cell = with_fraction(cell) if holds == "estimate" else (None, cell)
        read = self._measure_of(role)
        amount, cell = person_time_in(cell)
        if amount:
            read |= {"measure": INCIDENCE, "measure_unit": amount}
        if shares:
            read |= self._pair(row, name, Role(("events", "n_total")), "/".join(shares))
        if not cell:
            return read
        found = split(cell, name, self.source.numerals)
        if not found:
            return read | self._alone(row, name, role, cell)
        signed = self._signed(name, INTERVALS[holds], found.is_percent)
        return read | self._parts(row, name, role, found) | signed

    def _signed(self, name: str, places: Iterable[str], percent: object) -> Values:
        """Which values have a percent sign, in their cell or in the name of their column."""
        is_signed = percent or name in self.percent
        return {f"{place}{IN_PERCENT}": "yes" for place in places if place} if is_signed else {}

    def _measure_of(self, role: Role) -> Values:
        read = {"measure": role.measure} if role.measure else {}
        return read | ({"measure_unit": role.unit} if role.unit else {})

    def _interval_in_words(self, role: Role, cell: str) -> Values:
        [holds] = role.holds
        if holds == "prediction":
            said = excludes_null(cell) or verdict(cell)
            if role.includes and said and not excludes_null(cell):
                said = "no" if said == "yes" else "yes"
            return {"pi_excludes_null": said} if said else {}
        said = verdict(cell) if holds == "largest" else ""
        return {"largest_significant": said} if said else {}

    def _parts(self, row: Row, name: str, role: Role, found: Split) -> Values:
        [holds] = role.holds
        places = INTERVALS[holds]
        read = {
            ours: value for ours, value in zip(places, found[:3], strict=True) if ours and value
        }
        if found.estimate and not places[0]:
            raise Refused("a number before the interval, where an interval alone is meant")
        if found.word:
            read |= {"measure": self.measure(found.word), "measure_word": found.word}
        is_in_percent = found.is_percent and read.get("measure") == "mean_difference"
        if found.unit or is_in_percent:
            read["measure_unit"] = found.unit or "%"
        if found.level and holds in ("estimate", "interval"):
            read["ci_level"] = found.level
        if found.p and holds == "estimate":
            read |= self._p(row, name, "p_value", found.p)
        self.done[f"{name}: split into {', '.join(place for place in places if place)}"] += 1
        return read

    def _alone(self, row: Row, name: str, role: Role, cell: str) -> Values:
        """A cell without an interval: a number, with its deviation in brackets or none."""
        [holds] = role.holds
        place = INTERVALS[holds][0]
        if not place:
            raise Refused("no interval: two numbers with to, a dash, a comma or a semicolon")
        with_brackets = re.fullmatch(r"(.+?)\s*(?:\(([^()]+)\)|\u00b1\s*(.+))", cell)
        if not with_brackets:
            _, number, percent = split_bound(cell)
            value = self._numeral(row, name, number)
            return {place: value} | self._signed(name, (place,), percent) if value else {}
        inner = (with_brackets[2] or with_brackets[3]).strip()
        if not role.deviation:
            raise Refused(
                f"{inner} can be read in two ways: a standard error or a standard deviation "
                f"(name the column '{name} (SE)' or '{name} (SD)')"
            )
        self.done[f"{name}: split into {place} and {role.deviation}"] += 1
        return {
            place: self._numeral(row, name, with_brackets[1]),
            role.deviation: self._numeral(row, name, inner, minimum=0),
        }

    def _arm(self, row: Row, name: str, holds: str, cell: str) -> Values:
        found = re.fullmatch(r"(.+?)\s*(?:\(([^()]+)\)|\u00b1\s*(.+))", cell)
        if not found:
            raise Refused("no mean with its standard deviation, such as 12.3 (4.5)")
        arm = holds.removeprefix("arm_")
        self.done[f"{name}: split into mean and standard deviation"] += 1
        return {
            f"mean_{arm}": self._numeral(row, name, found[1]),
            f"sd_{arm}": self._numeral(row, name, found[2] or found[3], minimum=0),
        }

    def _p(self, row: Row, name: str, ours: str, cell: str) -> Values:
        if plain(IN_CELLS.meaning(cell)) in NOT_SIGNIFICANT:
            self.done[f"{name}: not significant read as P above {ORDINARY_LEVEL}"] += 1
            return {f"{_prefix(ours)}_operator": ">", ours: ORDINARY_LEVEL}
        operator, number, _ = split_bound(cell)
        value = self._numeral(row, name, number, minimum=0, maximum=1)
        if not value:
            return {}
        if ours == "p_value":
            operator = operator.rstrip("=") or "="
        return {f"{_prefix(ours)}_operator": operator, ours: value}

    def _test(self, row: Row, name: str, holds: str, cell: str) -> Values:
        """A P, a verdict, or both as in "0.03 (yes)"."""
        p, sign = TESTS[holds]
        said = verdict(cell)
        if said:
            return {sign: said}
        both = re.fullmatch(r"(.+?)\s*[(,;]\s*([^()]+?)\)?", cell)
        if both and verdict(both[2]):
            return self._p(row, name, p, both[1]) | {sign: verdict(both[2])}
        if not re.search(r"\d", cell) and not is_missing(cell):
            raise Refused(f"neither a P nor yes or no (--read '{cell}=no' says what a word means)")
        return self._p(row, name, p, cell)

    def _largest_p(self, row: Row, name: str, cell: str) -> Values:
        """The P of the largest study says whether it is significant."""
        read = self._p(row, name, "largest_p_value", cell)
        if not read:
            return {}
        self.done[f"{name}: read as significant where below {ORDINARY_LEVEL}"] += 1
        is_above = read["largest_p_operator"] in (">", ">=")
        below = float(read["largest_p_value"]) < float(ORDINARY_LEVEL) and not is_above
        return {"largest_significant": "yes" if below else "no"}

    def _verdict(self, cell: str) -> str:
        said = verdict(cell)
        if not said:
            raise Refused("neither yes nor no (--read WORD=yes says what a word means)")
        return said

    def _criterion(self, role: Role, cell: str) -> Values:
        """A threshold that a row meets or not: a bound on the number."""
        [holds] = role.holds
        assert role.criterion
        operator, number = role.criterion
        if self._verdict(cell) == "no":
            operator = OPPOSITE[operator]
        ours = TESTS[holds][0] if holds in TESTS else holds
        if ours == "p_value":
            operator = operator.rstrip("=")
        return {f"{_prefix(ours)}_operator": operator, ours: number}


TEXTS = (
    "meta_analysis", "condition", "outcome", "subtype", "comparison", "year", "measure",
    "measure_unit", "synthesis_model", "printed_class", "certainty", "study", "risk_of_bias",
    "country",
)  # fmt: skip
"""What holds words."""


def _prefix(ours: str) -> str:
    """The operator of p_value is p_operator, that of egger_p egger_p_operator."""
    return ours.removesuffix("_value")


def is_of_numbers(role: Role) -> bool:
    """Whether a column holds numbers, of which footnote marks and gaps have no meaning."""
    kinds = [kind for ours in role.holds if (kind := kind_of(ours))]
    return set(kinds) <= set(NUMERIC) if kinds else not set(role.holds) & set(TEXTS)


def _in_digits(number: Decimal) -> str:
    """A number without an exponent and without zeros that multiplying added."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_level(name: str) -> str:
    return re.sub(r"9\d(\.\d)? ?%", "", name)
