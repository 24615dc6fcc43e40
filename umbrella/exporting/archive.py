"""A folder as one ZIP file, which takes its place when it is whole."""

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from umbrella.errors import UmbrellaError
from umbrella.scratch import scratch_folder

MADE_BY = b"umbrella export "
LEVEL = 6


@contextmanager
def exported_archive(target: Path, kind: str) -> Iterator[Path]:
    """A new folder for the time of a block; the target is its archive when the block ends well.

    Equal files give equal archives. Raises UmbrellaError where the target is there already and no
    archive of such an export, or cannot be written.
    """
    from reports.errors import ReportError
    from reports.publishing import publish_file

    _require_own(target, kind)
    if not target.parent.is_dir():
        raise UmbrellaError(f"The folder {target.parent} does not exist; make it first.")
    try:
        with scratch_folder(f".{target.name}.exporting-", target.parent) as scratch:
            new, archive = scratch / "new", scratch / "archive"
            new.mkdir()
            yield new
            files = {path.relative_to(new).as_posix(): path for path in new.rglob("*")}
            write_archive(archive, files, MADE_BY + kind.encode())
            _require_own(target, kind)
            publish_file(archive, target)
    except ReportError as error:
        raise UmbrellaError(str(error)) from error
    except OSError as error:
        raise UmbrellaError(f"Cannot write {target}: {error.strerror or error}.") from error


def write_archive(archive: Path, files: Mapping[str, Path], comment: bytes = b"") -> None:
    """Write files, given by their names in it, as a ZIP file; equal files give equal bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as file:
        file.comment = comment
        for name, path in sorted(files.items(), key=lambda item: Path(item[0])):
            if path.is_file():
                entry = zipfile.ZipInfo(name)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with path.open("rb") as source, file.open(entry, "w") as written:
                    while part := source.read(2**20):
                        written.write(part)


def _require_own(target: Path, kind: str) -> None:
    if not target.exists():
        return
    if target.is_file() and zipfile.is_zipfile(target):
        with zipfile.ZipFile(target) as file:
            if file.comment == MADE_BY + kind.encode():
                return
    raise UmbrellaError(
        f"{target} is there already, and no `umbrella export {kind}` wrote it. It is left alone. "
        "Name another file with --to."
    )
