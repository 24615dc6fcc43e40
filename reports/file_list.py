"""The list of a site's files: which are the site's own, and that all are of one build."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

NAME = ".files"
HEADING = "# build "
LINE = re.compile(r"(?:([0-9a-f]{64})  )?(.+)")
UNFINISHED = "unfinished"
"""Stands for the build while a folder is brought from one to the next."""

NOT_THE_SAME_TWICE = (".pdf",)
"""Endings of files of which equal data do not give equal bytes."""


def digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of files of a folder, by name."""
    names = sorted(names)
    with ThreadPoolExecutor() as threads:
        return dict(zip(names, threads.map(lambda name: digest(folder / name), names), strict=True))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build_id(found: Mapping[str, str]) -> str:
    """A name for what these digests of pages, tables and pictures stand for."""
    lines = [
        f"{sha}  {name}\n" for name, sha in found.items() if not name.endswith(NOT_THE_SAME_TWICE)
    ]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()[:12]


def text(build: str, found: Mapping[str, str]) -> str:
    """The list, as `sha256sum --check` reads it: below the build, a line for each file."""
    lines = (f"{sha}  {name}\n" for name, sha in sorted(found.items()))
    return "".join([f"{HEADING}{build}\n", *lines])


def build_of(folder: Path) -> str | None:
    """The build of the site in a folder; empty where an older list names none, None without one."""
    if not is_there(folder / NAME):
        return None
    first = next(iter(lines(folder)), "")
    return first.removeprefix(HEADING) if first.startswith(HEADING) else ""


def read(folder: Path) -> dict[str, str]:
    """Digest of each file that the list of a folder names; empty where an older list has none.

    A folder without a list has no file of the site. A name that leads out of the folder is none.
    """
    named = [LINE.fullmatch(line) for line in lines(folder) if not line.startswith("#")]
    found = {match[2]: match[1] or "" for match in named if match}
    return {name: sha for name, sha in found.items() if name != NAME and is_inside(name)}


def lines(folder: Path) -> list[str]:
    """The lines of the list of a folder; none where there is no list."""
    path = folder / NAME
    if not is_there(path):
        return []
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def is_there(path: Path) -> bool:
    """True for a file itself, and not for a link to one."""
    return path.is_file() and not path.is_symlink()


def is_inside(name: str) -> bool:
    """True for a name of a file in a folder or below it."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def others(folder: Path, own: Iterable[str]) -> Iterator[str]:
    """What a folder holds beside these files and the folders they are in: outermost names alone."""
    own = set(own)
    holding = {str(parent) for name in own for parent in Path(name).parents}
    pending = [folder]
    while pending:
        for path in pending.pop().iterdir():
            name = path.relative_to(folder).as_posix()
            if name in holding and path.is_dir() and not path.is_symlink():
                pending.append(path)
            elif name not in own:
                yield name
