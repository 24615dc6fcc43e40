"""Short fingerprint of the kernels: one hash over the code of every Python file in this folder.

It says which arithmetic made the numbers (``dim_versions`` publishes it), and tells compiled code
of other kernels from that of these. Comments, docstrings and layout do not count. Coarse on
purpose: a hash per function would have to follow imports.
"""

import ast
import contextlib
import hashlib
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
DIGITS = 12
BLOCKS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def fingerprint() -> str:
    """The fingerprint of the kernels that are installed."""
    return kept_fingerprint(FOLDER)


def kept_fingerprint(folder: Path) -> str:
    """``fingerprint_of(folder)``, kept among Python's own compiled files until a text changes.

    Parsing every kernel takes a fifth of a second of each process that calls one.
    """
    texts = _hash(folder, bytes)
    path = folder / "__pycache__" / f"fingerprint.{sys.implementation.cache_tag}.txt"
    with contextlib.suppress(OSError, ValueError):
        made_of, kept = path.read_text(encoding="utf-8").split()
        if made_of == texts:
            return kept
    made = fingerprint_of(folder)
    with contextlib.suppress(OSError):  # a folder that cannot be written: parsed every time
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, delete=False
        ) as file:
            file.write(f"{texts} {made}")
        Path(file.name).replace(path)
    return made


def fingerprint_of(folder: Path) -> str:
    """First digits of the SHA-256 over the names of the files and their code."""
    return _hash(folder, lambda source: code_of(source).encode())[:DIGITS]


def code_of(source: bytes) -> str:
    """The source as Python writes its syntax tree, without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, BLOCKS):
            node.body = [statement for statement in node.body if not _is_text(statement)]
    return ast.unparse(tree)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _hash(folder: Path, part: Callable[[bytes], bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(part(path.read_bytes()) + b"\0")
    return digest.hexdigest()
