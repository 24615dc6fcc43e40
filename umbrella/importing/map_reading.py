"""Read the map of a table; what is wrong in it is told by line, key and value."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path

import yaml

from umbrella.errors import UmbrellaError
from umbrella.importing import results
from umbrella.importing.arms import SIDES
from umbrella.importing.cells import plain
from umbrella.importing.columns import COLUMNS, Role, code_of_measure
from umbrella.importing.layout import IGNORED, Layout
from umbrella.importing.maps import (
    ALL_ROWS,
    AS_WRITTEN,
    KEYS,
    KINDS,
    NOT_READ,
    READERS,
    UNDECIDED,
    USUAL_KIND,
    LineProblem,
    TableMap,
    words_of_columns,
)
from umbrella.importing.own_columns import NUMERIC, OF_RESULTS, OF_TRIALS, own_columns
from umbrella.importing.reading import is_of_numbers
from umbrella.sheets.contract import Column
from umbrella.sheets.numerals import COMMA, POINT
from umbrella.sheets.problems import Problem

OF_COLUMN = ("holds", "measure", "unit", "times", "in_brackets", "yes_means", "includes_null")
IN_BRACKETS = ("se", "sd")
SMALLEST = Decimal("0.000000001")
"""What numbers are multiplied by, at least; at most as much as this is below one."""
SEVERAL = ("codes", "flags")
"""Kinds of columns that hold several words."""
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?", re.IGNORECASE)
BOUND = re.compile(r"(<=|>=|<|>)\s*(\S+)")


class _Refused(Exception):
    """A map with problems that were noted."""


def read_map(path: Path) -> tuple[TableMap | None, list[Problem]]:
    """The map in a file, or what is wrong in it.

    Raises UmbrellaError where it cannot be read as a file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or "not UTF-8 text"
        raise UmbrellaError(f"Cannot read the map {path}: {reason}") from error
    reader = _Reader(path.name)
    try:
        return reader.read(text), []
    except _Refused:
        return None, reader.problems


@dataclass
class _Reader:
    """Reads the nodes of a map; what is wrong is noted with its line."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def read(self, text: str) -> TableMap:
        """The map; raises _Refused where there are problems."""
        keys = self._pairs_of(self._root(text), "the map")
        of = self._one_of(keys.get("table"), "table", tuple(READERS), needed=True)
        self._refuse_problems()
        self._refuse_unknown(keys, KEYS[of], of)
        roles, unread, lines = self._columns(keys.get("columns"), of)
        ignored = tuple(name for name, word in unread.items() if word == NOT_READ)
        layout = Layout(
            measures=self._measures(keys.get("measure")),
            words={plain(word): said for word, said in self._words(keys.get("read"), "read")},
            units=dict(self._words(keys.get("unit"), "unit")),
            condition=self._text(keys.get("condition"), "condition"),
            outcome=self._text(keys.get("outcome"), "outcome"),
            meta_analysis=self._text(keys.get("meta_analysis"), "meta_analysis"),
            groups=self._groups(keys.get("groups")),
            filled=self._texts(keys.get("fill"), "fill", tuple(COLUMNS)),
            kind=self._kind(keys.get("kind"), of),
            constants=self._constants(keys.get("constants"), of),
            favours=self._chosen(keys.get("favours"), "favours", results.SIGNS),
            arms=self._arms(keys.get("arms")),
            ignored=ignored,
            roles=roles,
            worksheets=self._texts(keys.get("worksheet"), "worksheet"),
            header=self._header(keys.get("header")),
            decimal=self._decimal(keys.get("decimal")),
        )
        self._refuse_problems()
        return TableMap(self.name, of, layout, tuple(unread), lines)

    def _root(self, text: str) -> yaml.Node | None:
        try:
            return yaml.compose(text, yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = f"not YAML: {getattr(error, 'problem', None) or error}"
            right = "key: value in each line; a name with : # or quotes in it stands in quotes"
            self._note(problem, right, mark.line + 1 if mark else None)
            raise _Refused from error

    def _refuse_problems(self) -> None:
        if self.problems:
            raise _Refused

    def _note(self, problem: str, right: str, line: int | None, key: str | None = None,
              value: str | None = None) -> None:  # fmt: skip
        self.problems.append(LineProblem(self.name, problem, right, line, key, value))

    def _wrong(self, node: yaml.Node, key: str, problem: str, right: str) -> None:
        value = node.value if isinstance(node, yaml.ScalarNode) else None
        self._note(problem, right, _line(node), key, value)

    def _pairs_of(self, node: yaml.Node | None, key: str) -> dict[str, yaml.Node]:
        """The pairs of a node by their keys; each key once."""
        if node is None or _is_empty(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, key, "no pairs of key and value", "key: value, each in a line")
            return {}
        found: dict[str, yaml.Node] = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self._note("no name", "a text before the colon", _line(name), key)
                continue
            text = str(name.value)
            if text in found:
                self._note("stands twice", "each key once", _line(name), text)
            found[text] = value
        return found

    def _refuse_unknown(self, keys: Mapping[str, yaml.Node], known: Sequence[str], of: str) -> None:
        for key, node in keys.items():
            if key not in known:
                others = {other for names in KEYS.values() for other in names}
                problem = f"no key of a map of {of}" if key in others else "no such key"
                self._note(problem, _nearest(key, known), _line(node), key)

    def _text(self, node: yaml.Node | None, key: str) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(node, key, "no text", f"{key}: TEXT")
            return ""
        return " ".join(str(node.value).split()) if not _is_empty(node) else ""

    def _texts(
        self, node: yaml.Node | None, key: str, known: Sequence[str] = ()
    ) -> tuple[str, ...]:
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found = [(one, self._text(one, key)) for one in nodes if one is not None]
        for one, text in found:
            if known and text and text not in known:
                self._wrong(one, key, "not understood", _nearest(text, known))
        return tuple(text for _, text in found if text)

    def _one_of(
        self, node: yaml.Node | None, key: str, known: Sequence[str], *, needed: bool = False
    ) -> str:
        text = self._text(node, key)
        if text in known or (not text and not needed):
            return text
        if node is None:
            self._note(f"the map has no {key}", _nearest("", known), None, key)
        else:
            self._wrong(node, key, "not understood", _nearest(text, known))
        return ""

    def _words(self, node: yaml.Node | None, key: str) -> list[tuple[str, str]]:
        """Words with what is said of them; a text alone is of all rows."""
        if isinstance(node, yaml.ScalarNode):
            return [("", self._text(node, key))] if not _is_empty(node) else []
        pairs = self._pairs_of(node, key).items()
        found = [(word, self._text(said, f"{key}: {word}")) for word, said in pairs]
        return [("" if word == ALL_ROWS else word, said) for word, said in found]

    def _measures(self, node: yaml.Node | None) -> dict[str, str]:
        return {word: code_of_measure(said) for word, said in self._words(node, "measure") if said}

    def _chosen(self, node: yaml.Node | None, key: str, known: Sequence[str]) -> dict[str, str]:
        found = dict(self._words(node, key))
        for word, said in found.items():
            if said not in known:
                right = _nearest(said, known)
                self._note("not understood", right, _line(node), f"{key}: {word or ALL_ROWS}", said)
        return found

    def _constants(self, node: yaml.Node | None, of: str) -> dict[str, str]:
        """What columns of the sheets hold in all rows; each must be such a column."""
        known = own_columns(OF_TRIALS if of == "trials" else OF_RESULTS)
        found = {}
        for ours, said in self._pairs_of(node, "constants").items():
            if ours in known:
                found[ours] = self._constant(said, ours, known[ours])
            else:
                problem, right = "no column of a sheet", _nearest(ours, tuple(known))
                self._note(problem, right, _line(said), "constants", ours)
        return {ours: value for ours, value in found.items() if value}

    def _constant(self, node: yaml.Node, ours: str, column: Column) -> str:
        """A text that a column of a sheet can hold; codes of a review are known when it is read."""
        text = self._text(node, f"constants: {ours}")
        is_one = column.allowed and column.kind not in SEVERAL
        if is_one and text not in ("", *column.allowed):
            right = _nearest(text, column.allowed)
            self._wrong(node, f"constants: {ours}", "not understood", right)
        if column.kind in NUMERIC and text and not NUMBER.fullmatch(text):
            self._wrong(node, f"constants: {ours}", "no number", "digits, with a point if need be")
        return text

    def _groups(self, node: yaml.Node | None) -> str:
        said = self._one_of(node, "groups", (*results.GROUPED, NOT_READ))
        return IGNORED if said == NOT_READ else said

    def _kind(self, node: yaml.Node | None, of: str) -> str:
        said = self._one_of(node, "kind", KINDS[of])
        return said or USUAL_KIND.get(of, "")

    def _arms(self, node: yaml.Node | None) -> dict[str, str]:
        pairs = self._pairs_of(node, "arms")
        self._refuse_unknown_sides(pairs)
        return {side: plain(self._text(said, f"arms: {side}")) for side, said in pairs.items()}

    def _refuse_unknown_sides(self, pairs: Mapping[str, yaml.Node]) -> None:
        for side, node in pairs.items():
            if side not in SIDES:
                self._wrong(node, f"arms: {side}", "no such arm", _nearest(side, SIDES))

    def _header(self, node: yaml.Node | None) -> tuple[int, int] | None:
        text = self._text(node, "header")
        found = re.fullmatch(r"([1-9]\d*)(?:\s*-\s*([1-9]\d*))?", text)
        if not text or node is None:
            return None
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, -1)
        if not first <= last <= first + 1:
            right = "the number of a row, or of two that follow each other, such as 3-4"
            self._wrong(node, "header", "no row", right)
            return None
        return first, last

    def _decimal(self, node: yaml.Node | None) -> str:
        said = self._one_of(node, "decimal", (AS_WRITTEN, POINT, COMMA))
        return "" if said == AS_WRITTEN else said

    def _columns(
        self, node: yaml.Node | None, of: str
    ) -> tuple[dict[str, Role], dict[str, str], dict[str, int]]:
        if node is None:
            self._note("the map has no columns", "NAME: what it holds, for each column", None,
                       "columns")  # fmt: skip
        roles: dict[str, Role] = {}
        unread: dict[str, str] = {}
        lines = {}
        for name, said in self._pairs_of(node, "columns").items():
            lines[name] = _line(said) or 0
            word = said.value.strip() if isinstance(said, yaml.ScalarNode) else ""
            if word in (NOT_READ, UNDECIDED):
                unread[name] = word
            elif role := self._role(said, name, of):
                roles[name] = role
        return roles, unread, lines

    def _role(self, node: yaml.Node, name: str, of: str) -> Role | None:
        is_alone = isinstance(node, yaml.ScalarNode)
        parts = {"holds": node} if is_alone else self._pairs_of(node, f"columns: {name}")
        for part, value in parts.items():
            if part not in OF_COLUMN:
                right = _nearest(part, OF_COLUMN)
                self._wrong(value, f"columns: {name}: {part}", "no such key", right)
        holds = self._text(parts.get("holds"), f"columns: {name}")
        if not READERS[of].holds_of(holds):
            right = _nearest(holds, (*words_of_columns(of), NOT_READ))
            problem = "not known as what a column holds" if holds else "what it holds is missing"
            self._wrong(parts.get("holds", node), f"columns: {name}", problem, right)
            return None
        role = READERS[of].role_said(holds, name)
        if "times" in parts and not is_of_numbers(role):
            self._wrong(parts["times"], f"columns: {name}: times", f"{holds} is no number",
                        "no times, or a column of numbers")  # fmt: skip
        return self._with_parts(role, parts, name)

    def _with_parts(self, role: Role, parts: Mapping[str, yaml.Node], name: str) -> Role:
        """A role with what the map says of it beside what it holds."""
        said = {key: self._text(node, f"columns: {name}: {key}") for key, node in parts.items()}
        changes: dict[str, object] = {}
        if "measure" in said:
            changes["measure"] = code_of_measure(said["measure"])
        if "unit" in said:
            changes["unit"] = said["unit"]
        if said.get("times"):
            changes["times"] = self._times(parts["times"], name, said["times"])
        if "in_brackets" in said:
            key = f"columns: {name}: in_brackets"
            changes["deviation"] = self._one_of(parts["in_brackets"], key, IN_BRACKETS)
        if "yes_means" in said:
            changes["criterion"] = self._bound(parts["yes_means"], name, said["yes_means"])
        if "includes_null" in said:
            key = f"columns: {name}: includes_null"
            said_so = self._one_of(parts["includes_null"], key, ("yes", "no"))
            changes["includes"] = said_so == "yes"
        return replace(role, **changes)  # type: ignore[arg-type]

    def _times(self, node: yaml.Node, name: str, said: str) -> str:
        try:
            number = Decimal(said)
        except InvalidOperation:
            number = Decimal(0)
        if not number.is_finite() or not SMALLEST <= number <= 1 / SMALLEST:
            right = f"a number from {SMALLEST} to {1 / SMALLEST:f} with a point, such as 0.01"
            self._wrong(node, f"columns: {name}: times", "no number to multiply by", right)
        return said

    def _bound(self, node: yaml.Node, name: str, said: str) -> tuple[str, str] | None:
        found = BOUND.fullmatch(said)
        if not found or not NUMBER.fullmatch(found[2]):
            right = "a sign and a number with a point, such as '> 1000'"
            self._wrong(node, f"columns: {name}: yes_means", "no bound", right)
            return None
        return found[1], found[2]


def _line(node: yaml.Node | None) -> int | None:
    return node.start_mark.line + 1 if node is not None else None


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not str(node.value).strip()


def _nearest(text: str, known: Sequence[str]) -> str:
    """The nearest of the words that are known, and all of them."""
    near = get_close_matches(text, known, n=1, cutoff=0.6)
    did_you_mean = f"did you mean {near[0]}? " if near else ""
    words = [one for one in known if "." not in one] or list(known)
    return f"{did_you_mean}one of: {', '.join(words)}"
