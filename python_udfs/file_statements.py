"""Statements that write files: which may run, and never over the warehouse.

DuckDB has no setting that allows files and spares one. So where files are allowed, everything
that could write one must stand in a form that can be read without doubt, ``copy ... to 'file'`` or
``export database 'folder'``; whatever else holds one of the words is refused.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from python_udfs.whole import BUILD_LOG

WRITING = {"copy", "export"}
REFUSED = {"attach", "import", "import_database", "copy_database", "install"}
UNKNOWN = "unknown"
REFUSED_KINDS = ("ATTACH", "DETACH", "EXTENSION", "LOAD", UNKNOWN)
OPENING, CLOSING = "([{", ")]}"

OPTIONS = {
    "array",
    "bloom_filter_false_positive_ratio",
    "codec",
    "compression",
    "compression_level",
    "dateformat",
    "delim",
    "delimiter",
    "dictionary_size_limit",
    "encoding",
    "escape",
    "field_ids",
    "force_quote",
    "format",
    "header",
    "kv_metadata",
    "null",
    "nullstr",
    "parquet_version",
    "prefix",
    "preserve_order",
    "quote",
    "row_group_size",
    "row_group_size_bytes",
    "return_files",
    "sep",
    "string_dictionary_page_size_limit",
    "suffix",
    "timestampformat",
    "use_tmp_file",
}
"""Options that say how a file is written. Those that decide where, as filename_pattern, are not in.
"""

OPTIONS_OF_FOLDERS = {
    "file_size_bytes",
    "partition_by",
    "per_thread_output",
    "row_groups_per_file",
    "write_partition_columns",
}
"""Options with which several files are written, below the folder that is named and nowhere else."""

OLD_OPTIONS = {"as", "csv", "delimiter", "escape", "header", "null", "quote"}
"""What may stand after a file without parentheses."""

STREAM = "stdout"
STREAM_FILE = Path("/dev/stdout")
"""Where DuckDB writes for ``copy ... to stdout``."""

FORM = "Write it as a statement of its own: copy (select ...) to 'file.csv' (format csv)."
EXPORT_FORM = "Write it so: export database 'new_folder' (format parquet)."


_PLAIN_TEXT = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*\$\1\$", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """A word, a quoted text or a sign of a statement, with its place in the bytes of the text."""

    text: str
    start: int

    @property
    def word(self) -> str:
        return self.text.lower()

    @property
    def words(self) -> list[str]:
        """The words that DuckDB could see in it: none in quotes."""
        is_quoted = self.text.startswith('"') or _PLAIN_TEXT.fullmatch(self.text)
        return [] if is_quoted else re.findall(r"\w+", self.word)

    @property
    def is_path(self) -> bool:
        return self.text.startswith("'") and bool(_PLAIN_TEXT.fullmatch(self.text))

    @property
    def path(self) -> str:
        return self.text[1:-1].replace("''", "'")


def checked(connection: duckdb.DuckDBPyConnection, query, warehouse: Path | None) -> str:
    """The statements of ``query``, every file that they write named by its full path.

    duckdb.PermissionException for what could write over the warehouse, or is not plain.
    """
    text = query.query if isinstance(query, duckdb.Statement) else query
    statements = connection.extract_statements(text)
    return "\n;\n".join(_checked(statement, warehouse) for statement in statements)


def _checked(statement: duckdb.Statement, warehouse: Path | None) -> str:
    text = statement.query
    tokens = tokens_of(text)
    words = list(itertools.chain.from_iterable(token.words for token in tokens))
    if kind(statement) in REFUSED_KINDS or REFUSED.intersection(words):
        raise duckdb.PermissionException(
            "SQL may not attach, detach, import, install or load, even where files are allowed. "
            "Another DuckDB file is read with read_duckdb('file.duckdb', table_name = '...')."
        )
    if not WRITING.intersection(words):
        return text
    if words[0] not in WRITING or WRITING.intersection(words[1:]) or not _is_plain(tokens):
        raise duckdb.PermissionException(f"No query may copy or export within itself. {FORM}")
    if words[0] == "export":
        target = _target_of_export(tokens)
        path = safe_folder(target.path, warehouse)
    elif kind(statement) == "COPY":
        place = _direction(tokens)
        if tokens[place].word == "from":
            return text
        target, options = _target(tokens[place + 1 :], FORM, stream=STREAM)
        if target.word == STREAM:
            _spare_output(warehouse)
            return text
        if OPTIONS_OF_FOLDERS.intersection(options):
            path = safe_folder(target.path, warehouse)
        else:
            path = safe_file(target.path, warehouse)
    else:
        raise duckdb.PermissionException(f"This form of copy is not allowed. {FORM}")
    return _with_path(text, target, path)


def kind(statement: duckdb.Statement) -> str:
    """The kind of a statement, such as SELECT."""
    try:
        return statement.type.name
    except ValueError:  # DuckDB knows more kinds than its Python package names
        return UNKNOWN


def tokens_of(text: str) -> list[Token]:
    """The tokens of a statement as DuckDB cuts them, without comments; signs one by one."""
    raw = text.encode()
    cuts = duckdb.tokenize(text)
    ends = [start for start, _ in cuts[1:]] + [len(raw)]
    tokens = []
    for (start, kind), end in zip(cuts, ends, strict=True):
        part = raw[start:end].decode().rstrip()
        if kind == duckdb.token_type.operator:
            tokens += [Token(sign, start) for sign in part if not sign.isspace()]
        elif kind != duckdb.token_type.comment:
            tokens.append(Token(part, start))
    return tokens


def _is_plain(tokens: list[Token]) -> bool:
    """False with signs that no one sees, which DuckDB takes for spaces and others for letters."""
    seen = "".join(token.text for token in tokens if not token.is_path)
    return all(sign.isprintable() or sign in "\n\r\t" for sign in seen)


def _direction(tokens: list[Token]) -> int:
    """Where the `to` or `from` of a copy statement stands: the first outside parentheses."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth == 0 and token.word in ("to", "from"):
            return place
    raise duckdb.PermissionException(f"This form of copy is not allowed. {FORM}")


def _target_of_export(tokens: list[Token]) -> Token:
    if [token.word for token in tokens[:2]] != ["export", "database"]:
        raise duckdb.PermissionException(f"This form of export is not allowed. {EXPORT_FORM}")
    return _target(tokens[2:], EXPORT_FORM)[0]


def _target(rest: list[Token], form: str, stream: str = "") -> tuple[Token, list[str]]:
    """The quoted path, or the word ``stream``, at the start of ``rest``, and the options after it.

    Only known options may follow.
    """
    target, *rest = [token for token in rest if token.text != ";"] or [Token("", 0)]
    if rest and rest[0].word == "with":
        rest = rest[1:]
    if not target.is_path and not (stream and target.word == stream):
        raise duckdb.PermissionException(f"The file must be a text in quotes. {form}")
    if rest and rest[0].text == "(" and rest[-1].text == ")":
        names, known = _option_names(rest), OPTIONS | OPTIONS_OF_FOLDERS
    else:
        names, known = [token.word for token in rest if not token.is_path], OLD_OPTIONS
    unknown = [name for name in names if name not in known]
    if unknown:
        raise duckdb.PermissionException(f"The option {unknown[0]} is not allowed. {form}")
    return target, names


def _option_names(options: list[Token]) -> list[str]:
    names, depth = [], 0
    for token, following in itertools.pairwise(options):
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth == 1 and token.text in "(,":
            names.append(following.word)
    return names


def _with_path(text: str, target: Token, path: Path) -> str:
    raw = text.encode()
    quoted = "'" + str(path).replace("'", "''") + "'"
    end = target.start + len(target.text.encode())
    return (raw[: target.start] + quoted.encode() + raw[end:]).decode()


def safe_folder(written: str, warehouse: Path | None) -> Path:
    """The full path of a folder to export to, which must be new or empty."""
    with _said(written):
        path = Path(written).expanduser().resolve()
        _spare(path, warehouse)
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise duckdb.PermissionException(
                f"{written} is there already: an export goes to a new or empty folder."
            )
        return path


def safe_file(written: str, warehouse: Path | None) -> Path:
    """The full path of a file to write, if it is none of the warehouse's under any name."""
    with _said(written):
        named = Path(written).expanduser().absolute()
        path = named.resolve()
        if path.exists() and not path.is_file():
            raise duckdb.PermissionException(f"{written} is no ordinary file.")
        # DuckDB writes beside the file first, and moves what it wrote to its place.
        for candidate in (named, path, path.with_name(f"tmp_{path.name}")):
            _spare(candidate, warehouse)
        return path


@contextmanager
def _said(written: str) -> Iterator[None]:
    """What the system says of a path, as an error of the query."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise duckdb.IOException(f"{written} cannot be written: {error}") from None


def _spare_output(warehouse: Path | None) -> None:
    """Refuse to write on a standard output that leads into a file of the warehouse."""
    if warehouse and STREAM_FILE.exists():
        _spare(STREAM_FILE.resolve(), warehouse)


def _spare(path: Path, warehouse: Path | None) -> None:
    if warehouse and is_of_warehouse(path, warehouse):
        raise duckdb.PermissionException(
            f"{path} is the warehouse, or a file beside it that belongs to it: it is not written "
            "over. Choose another name."
        )


def is_of_warehouse(path: Path, warehouse: Path) -> bool:
    """True for the warehouse and what belongs to it, by any path.

    That is what is named after it, such as its lock and the folder of a build, and the log of the
    last build.
    """
    owners = {warehouse.absolute(), warehouse.resolve()}
    return any(_is_of(path, each) for own in owners for each in (own, own.parent / BUILD_LOG))


def _is_of(path: Path, owner: Path) -> bool:
    folder = owner.parent
    if not folder.is_dir():
        return False
    if any(
        _same(above.parent, folder) and _is_named_after(above.name, owner.name)
        for above in (path, *path.parents)
    ):
        return True
    mine = (file for file in folder.iterdir() if _is_named_after(file.name, owner.name))
    return any(_same(path, file) for file in mine)


def _is_named_after(name: str, owner: str) -> bool:
    """True for the same name, or one with an ending more, as some file system may take it.

    Systems differ in case, in the two forms of accents, in spaces and dots at the end, and in what
    a colon means. What a build keeps for itself begins with a dot.
    """
    name, owner = (unicodedata.normalize("NFC", text).casefold() for text in (name, owner))
    begins = (f"{owner}.", f"{owner}:", f".{owner}.")
    return name.rstrip(" .") == owner or name.startswith(begins)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
