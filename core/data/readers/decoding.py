"""From bytes to text: the encoding is found, not asked for."""

import codecs
import re
from unicodedata import category

from core.errors import BinaryFile, UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII_BYTES = bytes(range(128))
_WIDE_BYTES = 2**16  # by which text of two bytes a character is told
_LEAST_ASCII_SHARE = 0.02
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")
# In Chinese text of any subject these make up 5 to 20 % of all characters; in text of another encoding that
# merely happens to decode as GB18030, next to none.
_COMMON_CHINESE = "的一是不了在人有我他这中大来上个国和也你们到说时要就出会可以吗么怎什好请您能为对"
# The accents of Western Europe, and what Word makes of quotation marks and dashes. In Cyrillic, Greek or
# Asian text read this way other signs appear at once.
_WESTERN = frozenset("àâäáãåçéèêëíìîïñóòôöõúùûüßœæÀÂÄÁÃÅÇÉÈÊËÍÎÏÑÓÔÖÕÚÙÛÜŒÆ‘’“”„–—…€°«»¿¡\xa0·•©®™")


def decode(file: str, data: bytes) -> str:
    """The text in `data`, without a byte order mark.

    Raises:
        BinaryFile: it is no text in any encoding.
        UnreadableFile: it announces an encoding and then breaks it.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(file, _announced(file, data[len(mark) :], encoding))
    wide = _wide_encoding(data)
    if wide is None:
        _refuse_nul(file, data)
    text = _decoded(data, wide or "utf-8")
    return _checked(file, _guessed(file, data) if text is None else text)


def encoding_of(file: str, beginning: bytes) -> str:
    """The name of the encoding, told by the beginning of a file too large to be read at once.

    Raises:
        BinaryFile: it is no text in any encoding.
    """
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            return "utf-8-sig" if encoding == "utf-8" else encoding
    wide = _wide_encoding(beginning)
    if wide:
        return wide
    text = decode(file, beginning)
    for encoding in ("utf-8", "cp1252", "gb18030"):
        if _checked(file, beginning.decode(encoding, "replace")) == text:
            return encoding
    from charset_normalizer import from_bytes

    best = from_bytes(beginning).best()
    return best.encoding if best else "utf-8"


def storable(text: str) -> str:
    """The text without halves of surrogate pairs and NUL characters, which no UTF-8 file can carry."""
    if not _UNSTORABLE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _announced(file: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is not {encoding.upper()}"
        raise UnreadableFile(file=file, found=found, expected=f"text in {encoding.upper()}") from error


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without its mark: half of the bytes of Latin text are NUL, all on the same side.

    In Chinese only those of line breaks and punctuation are, and both ways of reading may give characters: then it
    is the one with more ASCII in it.
    """
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if not min(even, odd) and max(even, odd) * 5 >= len(data):
        return "utf-16-be" if even else "utf-16-le"
    num_high = len(data.translate(None, _ASCII_BYTES))
    if not (even or odd) or num_high * 10 < len(data):  # a zero byte in a text of one byte a character
        return None
    shares = {encoding: _share_of_ascii(data, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] >= _LEAST_ASCII_SHARE else None


def _share_of_ascii(data: bytes, encoding: str) -> float:
    """How much of it is ASCII when read this way; 0 where something appears that no text has."""
    text = _decoded(data[: min(len(data), _WIDE_BYTES) // 2 * 2], encoding) or ""
    kinds = {category(char) for char in set(text) - set("\t\r\n")}
    return 0.0 if kinds & {"Cc", "Cn", "Co", "Cs"} else (len(text) - _num_beyond_ascii(text)) / max(1, len(text))


def _guessed(file: str, data: bytes) -> str:
    """The text of bytes that are no valid UTF-8."""
    for text in (_nearly_utf8(data), _western(data), _chinese(data)):
        if text is not None:
            return text
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        found = "bytes that are text in no encoding"
        raise BinaryFile(file=file, offset=_first_beyond_ascii(data), found=found)
    return str(best)


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a rare broken character, as where a file was cut: one broken among twenty good ones."""
    text = data.decode("utf-8", "replace")
    num_broken = text.count("\ufffd")
    num_good = _num_beyond_ascii(text) - num_broken
    return text if num_broken * 20 <= num_good else None


def _chinese(data: bytes) -> str | None:
    """GB18030, which short texts must be tested for first: statistics alone take them for Korean or Big5."""
    text = _decoded(data, "gb18030")
    if text is None:
        return None
    num_common = sum(map(text.count, _COMMON_CHINESE))
    return text if num_common * 25 >= _num_beyond_ascii(text) else None


def _western(data: bytes) -> str | None:
    """Windows-1252, which statistics take for one of its Eastern relatives: é is where ť is in theirs."""
    text = _decoded(data, "cp1252")
    if text is None or _num_beyond_ascii(text) * 4 > len(text):
        return None
    return text if {char for char in text if not char.isascii()} <= _WESTERN else None


def _num_beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _refuse_nul(file: str, data: bytes) -> None:
    offset = data.find(0)
    if offset >= 0:
        raise BinaryFile(file=file, offset=offset, found="a zero byte, which no text contains")


def _checked(file: str, text: str) -> str:
    """The text, unless more than one in a hundred of its characters are control codes."""
    codes = [match.start() for match in _CONTROL.finditer(text)]
    if len(codes) * 100 > len(text):
        found = f"the control code 0x{ord(text[codes[0]]):02x}"
        raise BinaryFile(file=file, offset=len(text[: codes[0]].encode("utf-8", "replace")), found=found)
    return storable(text.rstrip("\x1a").removeprefix("\ufeff"))


def _first_beyond_ascii(data: bytes) -> int:
    return next((index for index, byte in enumerate(data) if byte > 127), 0)
