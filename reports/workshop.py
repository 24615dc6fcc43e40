"""Pictures made in a process per core while the caller goes on, and remembered for the next run.

The drawing library holds the interpreter while it works: threads would gain nothing.
"""

import hashlib
import json
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from loky import ProcessPoolExecutor

from reports import picture, theme
from reports.errors import MissingCharactersWarning, ReportError
from umbrella import system

LIBRARIES = ("vl-convert-python", "pypdfium2", "pillow")


class Cache:
    """Pictures of earlier runs, each under a hash of everything it was made from.

    folder  where they are kept; made when needed; None keeps nothing, nor does one that this user
            may not write or that has no room: pictures are drawn anew then
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.used: set[Path] = set()
        self.users: system.Shared | None = None

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep other runs from deleting what this one uses, for the time of a block."""
        if self.folder is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self.users = system.Shared(self.folder)
            except OSError:
                self.folder = None
        if self.folder is None:
            yield
            return
        try:
            yield
        finally:
            self.users.leave()

    def find(self, ending: str, source: str) -> bytes | None:
        """What was made before from the same source; None when nothing was."""
        path = self.path(ending, source)
        with suppress(OSError):
            # A power cut may leave a file empty.
            return (path.read_bytes() or None) if path and path.is_file() else None
        return None

    def keep(self, ending: str, source: str, made: bytes) -> None:
        """Remember what was made from a source."""
        path = self.path(ending, source)
        if path is None:
            return
        # Renamed when complete: an interrupted run leaves no half picture.
        unfinished = path.with_suffix(f".{os.getpid()}-unfinished")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(made)
            system.replace(unfinished, path)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()

    def fetch(self, ending: str, source: str, make: Callable[[], bytes]) -> bytes:
        """What `make` returns, taken from the folder when made before from the same source."""
        made = self.find(ending, source)
        if made is None:
            made = make()
            self.keep(ending, source, made)
        return made

    def path(self, ending: str, source: str) -> Path | None:
        """The file that keeps what is made from a source; None when nothing is kept."""
        if self.folder is None:
            return None
        key = hashlib.sha256(f"{tools()}\n{source}".encode()).hexdigest()[:40]
        path = self.folder / f"{key}.{ending}"
        self.used.add(path)
        return path

    def prune(self) -> None:
        """Delete, while in use, what this run did not use, unless others use the folder, too."""
        if self.folder is None:
            return
        with suppress(OSError), self.users.alone() as is_alone:  # this user may not write it
            if is_alone:
                for path in set(self.folder.glob("[!.]*")) - self.used:
                    path.unlink()


@cache
def tools() -> str:
    """What turns a specification into a picture: versions of libraries, our part, and the fonts."""
    versions = ",".join(f"{name}={version(name)}" for name in LIBRARIES)
    own = b"".join(Path(module.__file__).read_bytes() for module in (picture, theme))
    return f"{versions},{hashlib.sha256(own + picture.sample()).hexdigest()}"


@dataclass(frozen=True)
class Job:
    """A picture that was asked for: what it is made from, and who makes it unless it is kept."""

    source: str
    maker: Future[str] | None

    @property
    def asked(self) -> tuple[dict[str, Any], Sequence[str]]:
        """The specification, and id, title and description of its picture."""
        spec, names = json.loads(self.source)
        return spec, names


class Workshop:
    """Draws and converts pictures; all are there, and remembered, when the block is left.

    Raises ReportError, at the latest on leaving, for a picture that could not be made; warns with
    MissingCharactersWarning. Processes that are lent are left to who lends them. PNG files have
    `dpi`; pictures of one cache are all of the same.
    """

    def __init__(
        self,
        kept: Cache,
        processes: ProcessPoolExecutor | None = None,
        dpi: int = theme.PNG_DPI,
    ) -> None:
        self.kept = kept
        self.dpi = dpi
        self.lent = processes
        self.pending: list[tuple[Sequence[str], Mapping[str, Path], Future[None]]] = []

    def __enter__(self) -> "Workshop":
        self.processes = drawers() if self.lent is None else self.lent
        return self

    def start(self, spec: Mapping[str, Any], names: Sequence[str]) -> Job:
        """Begin to draw a specification; `names` are id, title and description of the SVG."""
        source = json.dumps([spec, names], sort_keys=True)
        if self.kept.find("svg", source) is not None:
            return Job(source, None)
        return Job(source, self.submit(picture.to_svg, spec, *names))

    def svg(self, job: Job) -> str:
        """The SVG of a job, once it is drawn."""
        made = self.kept.fetch("svg", job.source, lambda: result(job.maker).encode("utf-8"))
        return made.decode("utf-8")

    def write(self, svgs: Sequence[str], targets: Mapping[str, Path]) -> None:
        """Write SVGs as a file of each format: what is not kept, by the end of the block.

        Several are the pages of one file, which only formats of `picture.OF_ALL_PAGES` are.
        """
        missing = {}
        for name, target in targets.items():
            made = svgs[0].encode("utf-8") if name == "svg" else self.kept.find(name, pages(svgs))
            if made is None:
                missing[name] = target
            else:
                target.write_bytes(made)
        if missing:
            self.pending.append(
                (svgs, missing, self.submit(picture.convert, svgs, missing, self.dpi))
            )

    def submit(self, *call: Any) -> Future:
        """Ask the other processes for a call; raises ReportError when one of them has ended."""
        with telling_of_ended():
            return self.processes.submit(*call)

    def finish(self) -> None:
        """Wait until all is written, and remember it; warn of characters that no font has.

        A picture that lacks some is not remembered: a font may be there next time.
        """
        svgs_of = dict.fromkeys(svg for svgs, _, _ in self.pending for svg in svgs)
        wanted = {svg: picture.rare_characters(svg) for svg in svgs_of}
        lacking = picture.boxes(set().union(*wanted.values())) if wanted else set()
        for svgs, targets, writer in self.pending:
            result(writer)
            if all(wanted[svg].isdisjoint(lacking) for svg in svgs):
                for name, target in targets.items():
                    self.kept.keep(name, pages(svgs), target.read_bytes())
        if lacking:
            warnings.warn(
                f"No font installed here has {' '.join(sorted(lacking))}: boxes stand for them in "
                "PNG and PDF files. Install a font that has them, such as Noto, and run again.",
                MissingCharactersWarning,
                stacklevel=2,
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stopped = True
        try:
            if error is None:
                self.finish()
                stopped = False
        finally:
            if self.lent is None:
                self.processes.shutdown(wait=True, kill_workers=stopped)


def pages(svgs: Sequence[str]) -> str:
    """The pages of a file as the source that it is kept under."""
    return "\n".join(svgs)


def drawers() -> ProcessPoolExecutor:
    """Processes that draw; they start with the first picture: none when all are kept."""
    return ProcessPoolExecutor(os.cpu_count(), initializer=serve, initargs=(os.getpid(),))


def serve(caller: int) -> None:
    """Let the process that asks for pictures handle Ctrl-C, and end when that has ended."""
    for name in system.signals_of_terminal():
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=end_with, args=(caller,), daemon=True).start()


def end_with(caller: int) -> None:
    """End this process as soon as another one has ended that began it, however that ended."""
    system.wait_for_end_of(caller)
    os._exit(1)


def result(future: Future) -> Any:
    """What a process made; raises ReportError when the process ended before."""
    with telling_of_ended():
        return future.result()


@contextmanager
def telling_of_ended() -> Iterator[None]:
    """Raise ReportError in place of the error of a process that ended before its time."""
    try:
        yield
    except BrokenProcessPool as error:
        raise ReportError(f"A process that draws pictures ended: {error}") from error
