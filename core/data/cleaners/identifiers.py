"""Numbers that belong to one person: cards, accounts, identity papers, addresses of machines.

Each is told by its checksum or by rules of its own, not by its length alone.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator

# Of these words before a number it is said that it is no person's: an order, a parcel, a book.
NUMBERS_OF_THINGS = re.compile(
    r"(?:\border|\btracking|\binvoice|\bticket|\bparcel|\bshipment|\breference|\bref|\bserial|\bmodel|\bpart|\bitem|\bsku|\bisbn"
    r"|\bissn|\bdoi|\bpatent|\bbatch|\bcase|\bversion|\bid|\bpopulation|订单|单号|编号|序列号|型号|运单|快递|版本|货号|批号|流水号)"
    r"[\s#:：=.\-]*(?:no\.?|number|num|id|号码?|is|是|为)?[\s#:：=.\-]*$",
    re.IGNORECASE | re.ASCII,
)
_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)", re.ASCII)
_CARD_PREFIX = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14,17}"
)
_GROUPED = re.compile(
    r"\d+|\d{4}(?P<sign>[ -])\d{4}(?P=sign)\d{4}(?P=sign)\d{1,7}|\d{4}[ -]\d{6}[ -]\d{4,5}|\d{6}[ -]\d{13}"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])", re.ASCII)
_RESIDENT = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])", re.ASCII)
_SSN_NAMED = re.compile(r"(?:\bSSN|social security)\D{0,24}(\d{9}|\d{3} \d{2} \d{4})(?!\d)", re.IGNORECASE | re.ASCII)
_PASSPORT = re.compile(
    r"(?:passport|护照)\D{0,16}?(?<![A-Za-z0-9])([A-Z]{1,2}\d{7,8}|\d{9})(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII
)
_NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)", re.ASCII)
_CPF = re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)", re.ASCII)
_DNI = re.compile(r"(?<!\w)\d{8}-?[A-HJ-NP-TV-Z](?!\w)", re.ASCII)
_NIR = re.compile(r"(?<!\w)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\w)", re.ASCII)
_AADHAAR = re.compile(r"(?<![\w-])[2-9]\d{3} \d{4} \d{4}(?![\w-]| \d)", re.ASCII)
_PAN = re.compile(r"(?<!\w)[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?!\w)", re.ASCII)
_CODICE = re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)", re.ASCII)
_RRN = re.compile(r"(?<![\w-])\d{6}-[1-8]\d{6}(?![\w-])", re.ASCII)
_V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w/]|\.\d)", re.ASCII)
_V6 = re.compile(r"(?<![:\w.])[0-9A-Fa-f]{1,4}(?:::?[0-9A-Fa-f]{1,4}){3,7}(?![:\w])", re.ASCII)
_VERSION = re.compile(
    r"(?:version|release|build|\bv|ver\.?|版本号?|firmware|section|chapter)\s*[:：]?\s*$", re.IGNORECASE | re.ASCII
)
_MACHINE = re.compile(
    r"\bip\b|ipv4|address|server|host|ping|login|log(?:ged)? in|connect|地址|服务器|主机|登录", re.IGNORECASE | re.ASCII
)
_PUBLIC = frozenset(
    ("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "114.114.114.114", "223.5.5.5", "255.255.255.255")
)


def cards_in(text: str) -> Iterator[tuple[int, int]]:
    """Payment cards: the beginning of a known issuer, and Luhn's checksum."""
    from stdnum import luhn

    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if not (_CARD_PREFIX.fullmatch(digits) and _GROUPED.fullmatch(found[0]) and len(set(digits)) > 1):
            continue
        if luhn.is_valid(digits) and not _is_of_a_thing(found):
            yield found.span()


def ibans_in(text: str) -> Iterator[tuple[int, int]]:
    """International account numbers."""
    from stdnum import iban

    for found in _IBAN.finditer(text):
        words = found[0].split(" ")
        for end in range(len(words), 0, -1):  # a word in capitals may follow
            number = " ".join(words[:end])
            if iban.is_valid(number, check_country=False):
                yield found.start(), found.start() + len(number)
                break


def identities_in(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of residents and of their papers, in the countries whose numbers can be told."""
    from stdnum.cn import ric

    yield from (found.span() for found in _RESIDENT.finditer(text) if ric.is_valid(found[0].upper()))
    yield from (found.span() for found in _SSN.finditer(text) if not _is_of_a_thing(found))
    yield from (found.span(1) for pattern in (_SSN_NAMED, _PASSPORT) for found in pattern.finditer(text))
    yield from (found.span() for found in _NINO.finditer(text))
    for pattern, is_valid in _national():
        yield from (
            found.span() for found in pattern.finditer(text) if is_valid(found[0]) and not _is_of_a_thing(found)
        )


def _national() -> Iterator[tuple[re.Pattern[str], Callable[[str], bool]]]:
    from stdnum.br import cpf
    from stdnum.es import dni
    from stdnum.fr import nir
    from stdnum.in_ import aadhaar, pan
    from stdnum.it import codicefiscale
    from stdnum.kr import rrn

    yield _CPF, cpf.is_valid
    yield _DNI, dni.is_valid
    yield _NIR, nir.is_valid
    yield _AADHAAR, aadhaar.is_valid
    yield _PAN, pan.is_valid
    yield _CODICE, codicefiscale.is_valid
    yield _RRN, rrn.is_valid


def machines_in(text: str) -> Iterator[tuple[int, int]]:
    """Addresses of machines in the internet; those of a home, of manuals and of public services are nobody's."""
    for found in _V4.finditer(text):
        before = text[max(0, found.start() - 24) : found.start()]
        parts = [int(part) for part in found[0].split(".")]
        is_large = max(parts) >= 100 or sum(part >= 20 for part in parts) > 1
        if _is_global(found[0]) and not _VERSION.search(before) and (is_large or _MACHINE.search(text)):
            yield found.span()
    yield from (found.span() for found in _V6.finditer(text) if _is_global(found[0]))


def _is_global(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    is_nobodys = address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local
    is_mask = text.startswith(("255.", "0.")) or text in ("fe80::1", "::1")
    return not (is_nobodys or is_mask or text in _PUBLIC)


def _is_of_a_thing(found: re.Match[str]) -> bool:
    return NUMBERS_OF_THINGS.search(found.string[max(0, found.start() - 32) : found.start()]) is not None
