"""Write the map of a table: YAML with comments, in the order in which people read it."""

import json
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from umbrella.importing import results
from umbrella.importing.columns import Role
from umbrella.importing.layout import Layout
from umbrella.importing.maps import (
    ALL_ROWS,
    AS_WRITTEN,
    KINDS,
    NOT_READ,
    READERS,
    UNDECIDED,
    words_of_columns,
)
from umbrella.sheets.problems import Problem
from umbrella.text import shorten


@dataclass(frozen=True)
class Shown:
    """What is known of a table when its map is written."""

    file: str
    worksheets: tuple[str, ...]
    header: tuple[int, int]
    examples: Mapping[str, str]
    """The first cell of each column, in the order of the table."""
    questions: Sequence[Problem] = ()
    may_be_outcome: Collection[str] = ()

    def is_open(self, name: str) -> bool:
        """Whether a question is about a column, or will be when others are answered."""
        is_asked = any(f"'{name}'" in question.right for question in self.questions)
        return is_asked or name in self.may_be_outcome


def as_text(of: str, layout: Layout, shown: Shown, map_name: str) -> str:
    """The map of a table as YAML with comments."""
    lines = [
        f"# How umbrella reads {shown.file}. Change what is not right, then:",
        f"#   umbrella import table {_quoted(shown.file)} my-review --map {_quoted(map_name)}",
        "",
    ]
    if shown.questions:
        lines.append("# Still to be answered:")
        for question in shown.questions:
            lines += _wrapped(f"- {in_map_words(question)}")
        lines.append("")
    first, last = shown.header
    lines += [
        f"table: {of}  # results: a row is a result of a meta-analysis; trials: a row is a trial",
        f"worksheet: {_list(shown.worksheets)}  # of a workbook that has several",
        f"header: {first if first == last else f'{first}-{last}'}"
        "  # the row with the names of columns; two as in 2-3",
        f"decimal: {layout.decimal or AS_WRITTEN}  # of numbers: as written, point or comma",
        f"kind: {_scalar(layout.kind)}  # what a new review is of: {', '.join(KINDS[of])}",
        "",
        "# Each column of the table: what it holds, or not read; undecided is to be answered.",
        *_wrapped(f"It may hold: {', '.join(w for w in words_of_columns(of) if '.' not in w)}"),
        "# or a column of a sheet, such as meta_analyses.doi.",
        "# Beside holds stand, where they are needed: measure, unit, times (what numbers are",
        "# multiplied by), in_brackets (se or sd), yes_means (a bound, such as '> 1000'),",
        "# includes_null (yes: the cells say whether the interval includes it).",
        "columns:",
    ]
    roles = layout.roles or {}
    for name, example in shown.examples.items():
        unread = UNDECIDED if shown.is_open(name) else NOT_READ
        lines += _column_lines(of, name, roles.get(name) or unread, example)
    lines += ["", "# What is the same in all rows, where no column says it."]
    lines += [f"{key}: {_scalar(layout.said(key))}"
              for key in ("condition", "outcome", "meta_analysis")]  # fmt: skip
    lines += _pairs_lines("constants", layout.constants, "meta_analyses.delivery: website")
    lines += ["", f"# By words of the table, or under {_scalar(ALL_ROWS)}."]
    lines += _pairs_lines("measure", layout.measures, "OR: odds_ratio")
    lines += _pairs_lines("read", layout.words, "NP: no")
    lines += _pairs_lines("favours", layout.favours, "Pain: negative")
    if of == "results":
        lines += _pairs_lines("unit", layout.units, "Weight: kg")
        lines.append(f"groups: {_scalar(layout.groups)}  # what rows name that head a group: "
                     f"{', '.join(results.GROUPED)} or {NOT_READ}")  # fmt: skip
        lines.append(f"fill: {_list(layout.filled)}  # where an empty cell means the one above")
    else:
        lines += _pairs_lines("arms", layout.arms, "control: placebo")
    return "\n".join(lines) + "\n"


def in_map_words(problem: Problem) -> str:
    """A question of an import as one of a map: options become keys."""
    where = f"{problem.where()}: " if problem.where() else ""
    return " ".join(f"{where}{problem.problem}; right: {right_of_map(problem.right)}".split())


def right_of_map(right: str) -> str:
    """What would be right, in keys of a map where options are named."""
    right = re.sub(r"--column ([\w/]+)='([^']*)'", r"'\2: \1' under columns", right)
    right = re.sub(r"--column ([\w/]+)=NAME", r"'NAME: \1' under columns", right)
    return re.sub(r"--([a-z]+)-?([a-z]*) (?=\S)",
                  lambda found: f"{'_'.join(filter(None, found.groups()))}: ", right)  # fmt: skip


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, 98, initial_indent="# ", subsequent_indent="#   ", break_long_words=False
    )


def _column_lines(of: str, name: str, role: Role | str, example: str) -> Iterator[str]:
    note = f"  # {shorten(example, 40)}" if example else ""
    if isinstance(role, str):
        yield f"  {_scalar(name)}: {role}{note}"
        return
    parts = _parts(of, name, role)
    if len(parts) == 1:
        yield f"  {_scalar(name)}: {parts['holds']}{note}"
        return
    yield f"  {_scalar(name)}:{note}"
    yield from (f"    {key}: {_scalar(value)}" for key, value in parts.items())


def _parts(of: str, name: str, role: Role) -> dict[str, str]:
    """What a map says of a column; what its name says too is written out."""
    ours = "/".join(role.holds)
    parts = {
        "holds": ours,
        "measure": role.measure,
        "unit": role.unit,
        "times": role.times,
        "in_brackets": role.deviation,
        "yes_means": " ".join(role.criterion or ()),
        "includes_null": "yes" if role.includes else "",
    }
    by_name = READERS[of].role_said(ours, name)
    unsaid = {"measure": by_name.measure and not role.measure}
    return {key: value for key, value in parts.items() if value or unsaid.get(key)}


def _pairs_lines(key: str, pairs: Mapping[str, str], example: str) -> Iterator[str]:
    if not pairs:
        yield f"{key}: {{}}  # such as {{{example}}}"
        return
    yield f"{key}:"
    yield from (f"  {_scalar(word or ALL_ROWS)}: {_scalar(said)}" for word, said in pairs.items())


def _list(words: Sequence[str]) -> str:
    if len(words) == 1:
        return _scalar(words[0])
    return f"[{', '.join(map(_scalar, words))}]" if words else '""'


def _scalar(text: str) -> str:
    """A text as YAML reads it again: plain where that is so, else in double quotes."""
    if re.fullmatch(r"[A-Za-z][\w ./-]*[\w.]|[A-Za-z]", text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w.-]+", text) else f"'{text}'"
