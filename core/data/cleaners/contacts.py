"""Mail addresses and telephone numbers."""

import re
from collections.abc import Iterator

from core.data.cleaners.identifiers import NUMBERS_OF_THINGS

_NAME = "A-Za-z0-9\xc0-\u024f"
_MAIL = re.compile(
    rf"(?<![{_NAME}_.+/@%-])[{_NAME}][{_NAME}_.+%-]{{0,63}}"
    rf"@(?:[{_NAME}](?:[{_NAME}-]{{0,61}}[{_NAME}])?\.)+[A-Za-z]{{2,24}}(?![A-Za-z0-9@]|-[A-Za-z])"
)
# Names that stand for anybody's, and names of files with an @ in them. An address at example.com counts: in data of
# people nobody can tell whose it stands for, and a placeholder in its place loses nothing.
_NOBODY = re.compile(
    r"^(?:git@|(?:your|my)[\w.-]*@|you@|(?:user)?name@|e?mail@|someone@|user@(?:host|server|domain)|x+@|noreply@github)"
    r"|@(?:your|my)[\w-]*\.\w+$"
    r"|\.(?:png|jpe?g|gif|svg|webp|js|css|py|html?|json|md|txt)$",
    re.IGNORECASE | re.ASCII,
)
# What may be a number to call: digits in groups, perhaps a + and brackets.
_CALL = re.compile(
    r"(?a:(?<![\w$€£¥#/=@+-])(?<!\d[.,:])(?:\+|00(?=[1-9]))?\(?\d(?:[ \xa0]?[-.() \xa0/–]?[ \xa0]?\d){6,16}"
    r"(?![\w%°$€£¥]|[-./:,]\d))"
)
_MOBILE = re.compile(
    r"(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4}|[- ]\d{3}[- ]\d{5}|\d[- ]?\d{4}[- ]?\d{3})"
)
_AMERICAN = re.compile(
    r"(?:1[-. ])?(?:\([2-9]\d\d\) ?|(?!400|8(?:00|33|44|55|66|77|88))[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}|"
    r"555[-. ]\d{3}[-. ]\d{4}|(?:1[-. ])?\([2-9]\d\d\) ?\d{3}[- ]?\d{4}",
    re.ASCII,
)
_DASHED = re.compile(r"(?:1[-. ])?(?!400|8(?:00|33|44|55|66|77|88))\d{3}[-.]\d{3}[-.]\d{4}", re.ASCII)
_LANDLINE = re.compile(r"\(?0\d{2,3}\)?[- –]\d{7,8}|\(0\d{2,3}\) ?\d{7,8}", re.ASCII)
_DATE = re.compile(
    r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}.*|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}.*|(?:1[0-9]|20)\d\d ?[-–/] ?(?:1[0-9]|20)\d\d"
)
_SUMS = re.compile(
    r"\d{1,3}(?:[ .]\d{3})+|\d+\.\d+|\d{1,4}(?:[ -]\d{1,3}){3,}|97[89][- ]?\d.*|\d+ ?[-–/] ?\d+", re.ASCII
)
# A decimal, or a hotline of China.
_NO_CALL = re.compile(r"\d+\.\d+|[48]00[- ]?\d{3}[- ]?\d{4}", re.ASCII)
_CALLING = re.compile(
    r"\b(?:phone|tel|telephone|call|mobile|cell|whatsapp|fax|sms|reach|dial|contact|telefon|handy|anruf\w*|rufnummer|"
    r"t[ée]l[ée]phone|appele[zr]|tel[ée]fono|llam\w+|m[óo]vil|celular|cellulare)\b|电话|手机|致电|联系|拨打|微信|热线|座机",
    re.IGNORECASE | re.ASCII,
)
_REGIONS = ("US", "GB", "DE", "FR", "CN", "ES", "IT", "IN", "AU", "JP", "BR", "NL", "CH", "AT", "BE")


def mails_in(text: str) -> Iterator[tuple[int, int]]:
    """Mail addresses, those of manuals left out."""
    yield from (found.span() for found in _MAIL.finditer(text) if not _NOBODY.search(found[0]))


def phones_in(text: str) -> Iterator[tuple[int, int]]:
    """Telephone numbers of people; free numbers and hotlines are nobody's."""
    for found in _CALL.finditer(text):
        number = found[0]
        start, end = found.span()
        if number.count("(") != number.count(")"):
            number = number.lstrip("(").rstrip(")")
            start = end - len(number)
            if "(" in number or ")" in number:
                continue
        before = text[max(0, start - 32) : start]
        if _is_phone(number, before, text[end : end + 12]):
            yield start, end


def _is_phone(number: str, before: str, after: str) -> bool:
    if number.startswith("+"):
        return _is_valid(number, None)
    if NUMBERS_OF_THINGS.search(before) or _NO_CALL.fullmatch(number):
        return False
    if _MOBILE.fullmatch(number) or _AMERICAN.fullmatch(number):
        return True
    is_called = _CALLING.search(before) is not None or _CALLING.search(after) is not None
    if _DASHED.fullmatch(number):
        return is_called or _is_valid(number, "US")
    if _DATE.fullmatch(number) or (_SUMS.fullmatch(number) and number[0] != "0" and not is_called):
        return False
    return any(_is_valid(number, region) for region in _regions(number, is_called))


def _regions(number: str, is_called: bool) -> tuple[str, ...]:
    """Where a number may be from: anywhere beside “phone”, else where its groups of digits are usual."""
    if is_called:
        return _REGIONS
    if _LANDLINE.fullmatch(number):
        return ("CN", "GB", "DE")
    return ("GB", "DE", "FR") if number[0] in "0(" and re.search(r"\d[-./ ()]+\d", number) else ()


def _is_valid(number: str, region: str | None) -> bool:
    """A number that is given out, and not one that is free or shared."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_valid_number(parsed):
        return False
    kinds = phonenumbers.PhoneNumberType
    return phonenumbers.number_type(parsed) not in (kinds.TOLL_FREE, kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.UAN)
