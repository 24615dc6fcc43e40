"""The code of the SQL page: the engine, the worker it runs in, the script of the page, its style.

Engine and worker travel as texts inside the page's one script, so that the one hash in the
content-security policy covers every line that runs.
"""

import base64
import gzip
import hashlib
from pathlib import Path

from reports.html import embedded
from reports.workshop import Cache

HERE = Path(__file__).parents[1]
TEMPLATES = HERE / "templates"
ENGINE = HERE / "vendor" / "sqljs"
# What the page needs beside its own script and style. WebAssembly needs 'wasm-unsafe-eval', which
# allows no eval of text; the worker, in which a query can be stopped, is made from a text of the
# hashed script.
SOURCES: dict[str, tuple[str, ...]] = {
    "script-src": ("'wasm-unsafe-eval'",),
    "worker-src": ("blob:",),
}


def script() -> str:
    """The script of the page."""
    engine = (ENGINE / "sql-wasm-browser.js").read_text(encoding="utf-8")
    worker = (TEMPLATES / "sql_worker.js").read_text(encoding="utf-8")
    page = (TEMPLATES / "sql_page.js").read_text(encoding="utf-8")
    dialect = (TEMPLATES / "sql_dialect.js").read_text(encoding="utf-8")
    chart = (TEMPLATES / "sql_chart.js").read_text(encoding="utf-8")
    cells = (TEMPLATES / "spreadsheets.js").read_text(encoding="utf-8")
    return f"const WORKER_SOURCE = {embedded(engine + dialect + worker)};\n{cells}{chart}{page}"


def style() -> str:
    """The style sheet of the page, beside the one of the site."""
    return (TEMPLATES / "sql_page.css").read_text(encoding="utf-8")


def packed(data: bytes, kept: Cache) -> str:
    """Bytes compressed with gzip, as base64; equal bytes give equal text."""
    source = hashlib.sha256(data).hexdigest()
    made = kept.fetch("gz", source, lambda: gzip.compress(data, compresslevel=9, mtime=0))
    return base64.b64encode(made).decode("ascii")


def packed_engine(kept: Cache) -> str:
    """The engine's WebAssembly, packed."""
    return packed((ENGINE / "sql-wasm-browser.wasm").read_bytes(), kept)
