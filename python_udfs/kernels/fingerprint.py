"""Short fingerprint of the kernels: one hash over the code of every Python file in this folder.

It says which arithmetic made the numbers (``dim_versions`` publishes it), and tells compiled code
of other kernels from that of these. Comments, docstrings and layout do not count. Coarse on
purpose: a hash per function would have to follow imports.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
DIGITS = 12
BLOCKS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def fingerprint() -> str:
    """The fingerprint of the kernels that are installed."""
    return fingerprint_of(FOLDER)


def fingerprint_of(folder: Path) -> str:
    """First digits of the SHA-256 over the names of the files and their code."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(code_of(path.read_bytes()).encode() + b"\0")
    return digest.hexdigest()[:DIGITS]


def code_of(source: bytes) -> str:
    """The source as Python writes its syntax tree, without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, BLOCKS):
            node.body = [statement for statement in node.body if not _is_text(statement)]
    return ast.unparse(tree)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
