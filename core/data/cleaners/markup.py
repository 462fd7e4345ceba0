"""HTML as the text a reader would have seen."""

import html
import re

from core.data.cleaners.texts import outside_code

_NAMES = (
    r"p|br|div|span|a|b|i|u|em|strong|ul|ol|li|dl|dt|dd|h[1-6]|table|thead|tbody|tfoot|tr|td|th|img|hr|font|blockquote|"
    r"center|sup|sub|small|big|strike|del|ins|nobr|iframe|figure|figcaption|article|section|pre|code|o:p|tt|abbr|wbr"
)
TAG = re.compile(rf"<(/?)({_NAMES})(\s[^<>]{{0,600}}|/)?>|<!--(?:(?!<!--).)*?-->", re.IGNORECASE | re.DOTALL)
_KNOWN = (
    "nbsp|amp|lt|gt|quot|apos|copy|reg|trade|hellip|mdash|ndash|lsquo|rsquo|ldquo|rdquo|sbquo|bdquo|laquo|raquo|lsaquo|"
    "rsaquo|bull|middot|deg|euro|pound|yen|cent|sect|para|times|divide|plusmn|frac12|frac14|frac34|sup2|sup3|micro|"
    "le|ge|ne|asymp|infin|rarr|larr|uarr|darr|harr|check|hearts|ensp|emsp|thinsp|shy|zwnj|zwj|iexcl|iquest|ordm|ordf|"
    "szlig|aelig|oelig|[aeiounyc](?:acute|grave|circ|uml|tilde|cedil|ring|slash)"
)
ENTITY = re.compile(rf"&(?:(?:{_KNOWN});|#\d{{2,6}};|#[xX][0-9a-fA-F]{{2,5}};)", re.IGNORECASE)
# “France #39;s” and “ quot;yes quot;”: the “&” became a blank on the way.
BROKEN = re.compile(r" ?(?<![&\w])(?:amp;)*(#\d{2,4};|(?:quot|amp|nbsp|lt|gt);)")
_SINGLE = frozenset(("a", "b", "i", "u", "p", "tt", "code", "pre", "section", "article", "figure", "table", "center"))
_BLOCKS = re.compile(r"p|div|h[1-6]|ul|ol|dl|table|blockquote|hr|figure|article|section|center|pre", re.IGNORECASE)
_PRE = re.compile(
    r"<pre\b[^<>]*>\s*(?:<code\b[^<>]*>)?((?:(?!<pre\b).)*?)(?:</code\s*>\s*)?</pre\s*>", re.IGNORECASE | re.DOTALL
)
_CODE = re.compile(r"<code\b[^<>]*>((?:(?!<code\b)[^`\n])*?)</code\s*>", re.IGNORECASE)
_LINK = re.compile(
    r"<a\s[^<>]*?href\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)[^<>]*>((?:(?!<a\s).)*?)</a\s*>", re.IGNORECASE | re.DOTALL
)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_CELLS = re.compile(r"</t[dh]\s*>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
_RAISED = re.compile(r"<(su[pb])\s*>([-+\d]{1,4})</\1\s*>", re.IGNORECASE)
_UP, _DOWN = (str.maketrans("0123456789+-", signs) for signs in ("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "₀₁₂₃₄₅₆₇₈₉₊₋"))
_GAPS = re.compile(r"[ \t]*\n[ \t]*(?:\n[ \t]*)+")


def as_text(text: str) -> str:
    """The text without tags and entities; code in it stays as it is."""
    whole, before = text, ""
    while text != before and ("<" in text or ";" in text):  # what was escaped twice comes to light one pass later
        before, text = text, outside_code(text, _one_pass)
    return text if text == whole else text.strip("\n")


def leftover_tags(text: str) -> list[re.Match[str]]:
    """The tags of a text, rather than letters in brackets: “<b>” is one where “</b>” or an attribute is there too."""
    lower = text.lower()
    lone = {name for name in _SINGLE if f"</{name}>" not in lower or not (f"<{name}>" in lower or f"<{name} " in lower)}
    return [tag for tag in TAG.finditer(text) if (tag[2] or "").lower() not in lone or (tag[3] and "=" in tag[3])]


def _one_pass(text: str) -> str:
    if "<" in text and leftover_tags(text):
        text = _without_tags(text)
    if ";" in text:
        text = ENTITY.sub(_character, text)
        text = BROKEN.sub(_lost_character, text)
    return text


def _without_tags(text: str) -> str:
    text = _PRE.sub(lambda found: f"\n\n```\n{html.unescape(found[1]).strip()}\n```\n\n", text)
    if "```" in text:
        return outside_code(text, _tags_as_text)
    return _tags_as_text(text)


def _tags_as_text(text: str) -> str:
    text = _CODE.sub(lambda found: f"`{html.unescape(found[1])}`" if found[1].strip() else "", text)
    text = _RAISED.sub(lambda found: found[2].translate(_UP if found[1].lower() == "sup" else _DOWN), text)
    text = _CELLS.sub(" | ", _LINK.sub(_link, text))
    whole = text
    parts, last = [], 0
    for tag in leftover_tags(text):
        parts += [text[last : tag.start()], _replacement(tag)]
        last = tag.end()
    text = "".join((*parts, text[last:]))
    return _GAPS.sub("\n\n", text) if text.count("\n") != whole.count("\n") else text


def _replacement(tag: re.Match[str]) -> str:
    """What a reader sees where a tag stood."""
    name = (tag[2] or "").lower()
    if name in ("br", "tr"):
        return "\n" if name == "br" or tag[1] else ""
    if name == "li":
        return "" if tag[1] else "\n- "
    if name in ("dt", "dd", "figcaption"):
        return "\n"
    if name == "img":
        alt = _ALT.search(tag[3] or "")
        return (alt[1] or alt[2] or "") if alt else ""
    return "\n\n" if _BLOCKS.fullmatch(name) else ""


def _link(found: re.Match[str]) -> str:
    """A link as Markdown where it leads somewhere else than its words say."""
    address, words = html.unescape(found[1].strip("\"'")), found[2].strip()
    is_whole = re.match(r"https?://", address) is not None
    bare = TAG.sub("", words).strip()
    if not is_whole or not bare or bare.rstrip("/") in address or "target=" in address or " " in address:
        return words or (address if is_whole else "")
    return f"[{words}]({address})"


def _character(found: re.Match[str]) -> str:
    entity = found[0].lower() if found[0].isupper() else found[0]
    character = html.unescape(entity)
    if character in ("\xa0", "\u2002", "\u2003", "\u2009"):
        return " "
    return character if character.isprintable() or character == "\n" else ""


def _lost_character(found: re.Match[str]) -> str:
    """The character, and the blank before it unless it belongs to the words."""
    character = html.unescape(f"&{found[1]}")
    if character == "\xa0" or not character.isprintable():
        return " "
    has_blank = found[0].startswith(" ")
    following = found.string[found.end() : found.end() + 3]
    if character == "'":
        is_joined = re.match(r"(?:s|t|d|m|re|ve|ll)\b|[\s.,;:!?)]|$", following) is not None
    else:
        is_joined = character == '"' and re.match(r"[\s.,;:!?)]|$", following) is not None
    return character if is_joined or not has_blank else f" {character}"
