"""Archives: .zip and .gz around files of any other kind. No name in an archive is ever used as a path."""

import gzip
import lzma
import re
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from core.data.readers.base import Content
from core.data.readers.decoding import storable
from core.data.readers.foreign import ZIP
from core.data.readers.json_lists import part_of
from core.data.table import RawTable
from core.errors import DataError, EmptyFile, UnreadableFile

GZIP = b"\x1f\x8b"
_LARGEST_UNPACKED = 4 * 2**30  # bytes, of all members together
_LARGEST_RATIO = 200  # unpacked to packed; text packs to a tenth, a bomb to a thousandth
_SMALL = 2**20  # bytes below which no ratio is dangerous
_MOST_MEMBERS = 1_000
_SAYS_UTF8 = 0x800
_BLOCK = 2**20
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError)

Opened = Callable[[Content], Iterator[RawTable]]


@dataclass(frozen=True)
class _Member:
    """A file in an archive: its name there, and how to read it."""

    name: str
    open: Callable[[], IO[bytes]]


def is_archive(content: Content) -> bool:
    """True for .gz and .zip; a new workbook is a .zip too, so ask for those first."""
    return content.head.startswith((GZIP, ZIP))


def unpacked(content: Content, open_tables: Opened) -> Iterator[RawTable]:
    """The tables of every member, named "archive.zip/member". Members that no reader takes are passed over.

    Raises:
        UnreadableFile: damaged, or unpacking to more than is sane.
        EmptyFile: nothing in it.
        DataError: what is wrong with the first member, where none can be read.
    """
    first: DataError | None = None
    num_tables, budget = 0, _Budget(content)
    for member in _members(content):
        with tempfile.TemporaryDirectory(prefix="tailor-") as folder:
            path = Path(folder) / "member"
            _unpack(content, member, path, budget)
            inner = Content(f"{content.file}/{member.name}", path)
            part = next(filter(None, map(part_of, reversed(member.name.split("/")))), "")
            try:
                for table in open_tables(inner):
                    num_tables += 1
                    yield replace(table, part=table.part or part)
            except DataError as error:
                first = first or error
    if not num_tables:
        raise first or EmptyFile(file=content.file)


@dataclass
class _Budget:
    """How much may still be unpacked."""

    content: Content
    num_bytes: int = 0

    def take(self, num_bytes: int) -> None:
        """Counts what was unpacked.

        Raises:
            UnreadableFile: that is too much.
        """
        self.num_bytes += num_bytes
        ratio = self.num_bytes / max(1, self.content.num_bytes)
        if self.num_bytes > _LARGEST_UNPACKED or (self.num_bytes > _SMALL and ratio > _LARGEST_RATIO):
            raise _unreadable(self.content, f"an archive that unpacks to more than {self.num_bytes / 2**20:.0f} MiB")


def _members(content: Content) -> Iterator[_Member]:
    if content.head.startswith(GZIP):
        name = content.file.rsplit("/", 1)[-1].removesuffix(".gz") or "file"
        yield _Member(storable(name), partial(_open_gzip, content.path))
        return
    try:
        with zipfile.ZipFile(content.path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
            if len(infos) > _MOST_MEMBERS:
                raise _unreadable(content, f"an archive of {len(infos)} files, {_MOST_MEMBERS} at most are read")
            infos.sort(key=lambda info: info.filename)
            for name, info in zip(_shown([_name_of(info) for info in infos]), infos, strict=True):
                yield _Member(storable(name), partial(archive.open, info))
    except _DAMAGED as error:
        raise _unreadable(content, "a damaged archive") from error


def _open_gzip(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(path))


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: programs on Windows write it in the encoding of the country and do not say so."""
    if info.flag_bits & _SAYS_UTF8 or info.filename.isascii():
        return info.filename
    for encoding in ("utf-8", "gb18030", "big5", "shift_jis"):
        try:
            return info.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return info.filename


def _shown(names: list[str]) -> list[str]:
    """The last parts of paths; of members with one name the folder too: "train/data.csv" and "test/data.csv"."""
    paths = [[part for part in re.split(r"[/\\\\]", name) if part.strip(".")] or ["file"] for name in names]
    count = Counter(path[-1] for path in paths)
    return ["/".join(path[-2:] if count[path[-1]] > 1 else path[-1:]) for path in paths]


def _is_hidden(name: str) -> bool:
    """True for what macOS and editors leave in archives."""
    parts = [part for part in PurePosixPath(name).parts if part not in (".", "..")]
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _unpack(content: Content, member: _Member, path: Path, budget: _Budget) -> None:
    try:
        with member.open() as source, path.open("wb") as target:
            while block := source.read(_BLOCK):
                budget.take(len(block))
                target.write(block)
    except RuntimeError as error:
        raise _unreadable(content, "an archive with a password") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise _unreadable(content, "a damaged archive") from error


def _unreadable(content: Content, found: str) -> UnreadableFile:
    return UnreadableFile(file=content.file, found=found, expected="a .zip or .gz archive of data files")
