"""UTF-8 that was read as Windows-1252, Latin-1 or GBK, read again the right way."""

import re

_HIGH = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# UTF-8 as Windows-1252 or Latin-1: a first byte, and as many others as it asks for.
_WESTERN = f"(?<=[\xc2\xc3])[{_HIGH} ]|(?<=[\xc4-\xdf])[{_HIGH}]|(?<=[\xe0-\xf4])[{_HIGH}][{_HIGH} ]|(?<=[\x80-\x9f])"
# As GBK: ，。“ and the commonest Chinese characters begin with these, most of which are rare in what people write.
_FROM_GBK = "锛銆鈥鐨浣鎴鏄鍦杩璇鍙鐢浠鑳鏃涓浜涔绗甯闂"
# GBK as Latin-1 (“ÄãºÃ”), and UTF-8 as Windows-1251 (“РџСЂ”).
_GBK_AS_LATIN = "[\xa1-\xf7][\xa1-\xfe](?:[\xa1-\xf7][\xa1-\xfe]){2,}"
_CYRILLIC = "(?<=[РС])[\u0402-\u040f\u0451-\u045f\u2013-\u2122\xa0-\xbb]"
MISREAD_FIRST = f"\x80-\x9f\xa1-\xf7РС{_FROM_GBK}锟"
MISREAD_NEXT = f"{_WESTERN}|{_CYRILLIC}|(?<=锟)斤拷|(?<=[{_FROM_GBK}])[^\x00-\x7f]|(?<=[\xa1-\xf7])[\xa1-\xfe]{{5}}"
_WORTH_A_LOOK = re.compile(f"[\x80-\x9f\xc2-\xf4РС](?:{_WESTERN}|{_CYRILLIC})")
_LETTER, _NO_LETTER = re.compile("[\xc0-\xf7]"), re.compile("[\xa1-\xbf]")
_COMMON = re.compile("(?:[\xb0-\xd7][\xa1-\xfe]|[\xa1\xa3][\xa1-\xfe])+")
_LATIN_RUN = re.compile(_GBK_AS_LATIN)
_WORTH_GBK = re.compile(f"[{_FROM_GBK}][^\x00-\x7f]")
# Three bytes of a Chinese character each; of a lost no-break space a blank is left, which ftfy does not take back.
_CHINESE = re.compile(f"(?:[\xe3-\xe9][{_HIGH} ][{_HIGH} ]|\xef[¼½¾][{_HIGH} ]|\xe2€[{_HIGH}])+")
_WHOLE = re.compile(f"[\xe3-\xe9][{_HIGH}][{_HIGH}]")
_RUN = re.compile(r"[^\x00-\x7f]{3,}")
_EAST_ASIAN = re.compile("[\u2010-\u203b\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef·]+")
_HAN = re.compile("[\u3400-\u9fff]")
_RESIDUE = re.compile(f"[\xe2-\xe9\xef][{_HIGH}]+")
_ABOUT_IT = re.compile(r"mojibake|乱码|ftfy|字符编码|character encoding", re.IGNORECASE)


def repaired(text: str) -> str:
    """The text read the right way; the same where it was, or where it speaks of this very thing.

    Of what was lost on the way “\ufffd” is left.
    """
    is_western, is_gbk = _WORTH_A_LOOK.search(text), _WORTH_GBK.search(text)
    if _ABOUT_IT.search(text):
        return text
    if is_gbk:
        text = _RUN.sub(_from_gbk, text)
    text = _LATIN_RUN.sub(_from_latin, text)
    if not is_western:
        return text
    chinese = _CHINESE.sub(_from_western, text)
    read = _undone(chinese)
    return _RESIDUE.sub("\ufffd", read) if _HAN.search(read) and not _HAN.search(text) else read


def _undone(text: str) -> str:
    """Only what was read wrongly: quotes, widths and forms of letters are as the writer meant them."""
    import ftfy

    return ftfy.fix_text(
        text,
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )


def _from_western(found: re.Match[str]) -> str:
    whole = _WHOLE.findall(found[0])
    if len(found[0]) < 6 or not whole:
        return found[0]  # a single one may be “café”—, with a quote and a dash
    try:
        text = bytes(map(_byte, found[0])).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
    return text if _EAST_ASIAN.fullmatch(text) else found[0]


def _byte(character: str) -> int:
    if character == " ":
        return 0xA0
    return ord(character) if ord(character) < 0x100 else character.encode("cp1252")[0]


def _from_gbk(found: re.Match[str]) -> str:
    """The run read again; with a sign of what is lost where its last character came to a bad end."""
    try:
        read = b"".join(b"\x80" if sign == "€" else sign.encode("gbk") for sign in found[0].rstrip("\ufffd?"))
        text = read.decode("utf-8")
    except UnicodeEncodeError:
        return found[0]
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or error.start < 6:
            return found[0]
        text = read[: error.start].decode("utf-8")
        return text + "\ufffd" if _EAST_ASIAN.fullmatch(text) else found[0]
    return text if _EAST_ASIAN.fullmatch(text) else found[0]


def _from_latin(found: re.Match[str]) -> str:
    """The run read as GBK, where common characters come of it; “ÁÉÍÓÚ” is left as it is."""
    num_first = found[0].count("Ã") + found[0].count("Â")
    if not (_LETTER.search(found[0]) and _NO_LETTER.search(found[0])) or num_first * 4 > len(found[0]):
        return found[0]  # the last is UTF-8 that was read wrongly twice
    try:
        text = found[0].encode("latin-1").decode("gb2312")
    except UnicodeDecodeError:
        return found[0]
    return text if _COMMON.fullmatch(found[0]) and len(set(text)) > 2 else found[0]
