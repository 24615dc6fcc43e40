"""SVG to PNG and PDF in processes of their own, side by side with the drawing.

Most of the time of a conversion is spent inside the drawing library, which holds the interpreter:
threads gain nothing, and a process per core halves it on two.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from reports import render
from reports.errors import ReportError

ROOT = Path(__file__).parents[1]
PICTURES: dict[str, Callable[[str], bytes]] = {"png": render.to_png, "pdf": render.to_pdf}
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from reports.converting import serve; sys.exit(serve())"
)


def serve() -> int:
    """Convert until standard input ends: a line per SVG, [its file, {format: target}] as JSON."""
    for line in sys.stdin:
        source, targets = json.loads(line)
        svg = Path(source).read_text(encoding="utf-8")
        for name, target in targets.items():
            try:
                Path(target).write_bytes(PICTURES[name](svg))
            except (ReportError, OSError) as error:
                print(f"{Path(target).name}: {error}", file=sys.stderr)
                return 1
    return 0


class Worker:
    """A process that converts what it is told to."""

    def __init__(self) -> None:
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(ROOT)],
            stdin=subprocess.PIPE,
            stderr=self.said,
            text=True,
            encoding="utf-8",
        )

    def tell(self, source: Path, targets: Mapping[str, Path]) -> None:
        """Queue the pictures of one SVG; a process that has ended says why in `finish`."""
        files = {name: str(target) for name, target in targets.items()}
        try:
            self.process.stdin.write(json.dumps([str(source), files]) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.finish()

    def finish(self) -> None:
        """Wait until all is converted; raises ReportError with what went wrong."""
        self.close()
        code = self.process.wait()
        self.said.seek(0)
        words = self.said.read().strip()
        if code:
            raise ReportError(f"A picture could not be written: {words or f'exit code {code}'}")

    def close(self) -> None:
        """Say that nothing more comes; a process that has ended cannot take what is left over."""
        with suppress(BrokenPipeError):
            self.process.stdin.close()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.close()
        self.said.close()


class Converter:
    """Converts pictures on every core while the caller goes on; leaving the block waits for all.

    Raises ReportError, at the latest on leaving, for a picture that could not be written.
    """

    def __init__(self) -> None:
        self.workers: list[Worker] = []
        self.count = 0

    def __enter__(self) -> "Converter":
        self.folder = tempfile.TemporaryDirectory()
        return self

    def add(self, svg: str, targets: Mapping[str, Path]) -> None:
        """Convert an SVG to each format and write it as that target, later."""
        source = Path(self.folder.name) / f"{self.count}.svg"
        source.write_text(svg, encoding="utf-8")
        cores = os.cpu_count() or 1
        if len(self.workers) < cores:
            self.workers.append(Worker())
        self.workers[self.count % cores].tell(source, targets)
        self.count += 1

    def finish(self) -> None:
        """Wait until all is converted; raises ReportError with what went wrong."""
        for worker in self.workers:
            worker.finish()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.finish()
        finally:
            for worker in self.workers:
                worker.stop()
            self.folder.cleanup()
