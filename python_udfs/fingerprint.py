"""Short fingerprint of the kernel source, and the wrapper macros that carry it.

The rule: every Python file in ``python_udfs/kernels``, the Arrow adapter and the catalogue, in
order of their names. dbt does not see Python code, so each wrapper macro puts the fingerprint, kept
in one macro, in a SQL comment: after a change of any kernel, dbt marks every model that calls one
as modified. The rule is coarse on purpose: a rule per function would have to follow imports.

``python -m python_udfs.fingerprint`` checks that the macros are current, ``--write`` rewrites them.
"""

import argparse
import hashlib
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent
MACROS = PACKAGE.parent / "macros" / "udf"
DIGITS = 12


def source_files() -> list[Path]:
    """The files whose text makes the fingerprint, in a fixed order."""
    folders = (PACKAGE / "kernels", PACKAGE / "catalogue")
    return [*(path for f in folders for path in sorted(f.rglob("*.py"))), PACKAGE / "arrow.py"]


def fingerprint() -> str:
    """First digits of the SHA-256 over names and texts of the kernel files."""
    digest = hashlib.sha256()
    for path in source_files():
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:DIGITS]


def stale_macros(folder: Path = MACROS) -> list[str]:
    """Names of files in ``folder`` that are missing, outdated, or made for a function now gone.

    Files that were not made here are left alone.
    """
    from python_udfs.wrappers import MADE_BY, wrapper_files

    expected = wrapper_files(fingerprint())
    present = {path.name: path.read_text() for path in folder.glob("*") if path.is_file()}
    made = {name for name, text in present.items() if MADE_BY in text}
    names = sorted(expected.keys() | made)
    return [name for name in names if expected.get(name) != present.get(name)]


def write_macros(folder: Path = MACROS) -> list[str]:
    """Rewrite the macros that are not current; return the names of the changed files."""
    from python_udfs.wrappers import wrapper_files

    changed = stale_macros(folder)
    expected = wrapper_files(fingerprint())
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in expected:
            (folder / name).write_text(expected[name])
        else:
            (folder / name).unlink()
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Command line: exit code 0 when the macros are current (or were written), else 1."""
    parser = argparse.ArgumentParser(prog="python -m python_udfs.fingerprint", description=__doc__)
    parser.add_argument("--write", action="store_true", help="rewrite the macros that are stale")
    if parser.parse_args(arguments).write:
        changed = write_macros(MACROS)
        print(f"kernels {fingerprint()}: {len(changed)} macro files written")
        return 0
    stale = stale_macros(MACROS)
    if stale:
        print(f"kernels {fingerprint()}: stale: {', '.join(stale)}")
        print("run: python -m python_udfs.fingerprint --write")
        return 1
    print(f"kernels {fingerprint()}: macros are current")
    return 0


if __name__ == "__main__":
    sys.exit(main())
