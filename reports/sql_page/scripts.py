"""The code of the SQL page: the engine, the worker it runs in, the script of the page, its style.

Engine and worker travel as texts inside the page's one script, so that the one hash in the
content-security policy covers every line that runs.
"""

import base64
import gzip
import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parents[1]
TEMPLATES = HERE / "templates"
ENGINE = HERE / "vendor" / "sqljs"


def script() -> str:
    """The script of the page."""
    engine = (ENGINE / "sql-wasm-browser.js").read_text(encoding="utf-8")
    worker = (TEMPLATES / "sql_worker.js").read_text(encoding="utf-8")
    page = (TEMPLATES / "sql_page.js").read_text(encoding="utf-8")
    return f"const WORKER_SOURCE = {for_script(engine + worker)};\n{page}"


def style() -> str:
    """The style sheet of the page, beside the one of the site."""
    return (TEMPLATES / "sql_page.css").read_text(encoding="utf-8")


def content_policy_parts() -> dict[str, tuple[str, ...]]:
    """Sources that this page adds to the content-security policy of the site, by directive.

    WebAssembly needs 'wasm-unsafe-eval', which allows no eval of text. The worker, in which a
    query can be stopped, is made from a text of the hashed script.
    """
    return {
        "script-src": (source_hash(script()), "'wasm-unsafe-eval'"),
        "style-src": (source_hash(style()),),
        "worker-src": ("blob:",),
    }


def source_hash(text: str) -> str:
    """A text as a source of a content-security policy."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def for_script(value: object) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True).replace("<", "\\u003c")


def packed(data: bytes) -> str:
    """Bytes compressed with gzip, as base64; equal bytes give equal text."""
    return base64.b64encode(gzip.compress(data, compresslevel=9, mtime=0)).decode("ascii")


def packed_engine() -> str:
    """The engine's WebAssembly, packed."""
    return packed((ENGINE / "sql-wasm-browser.wasm").read_bytes())
