"""What is left of web pages: tags and entities in texts that are not about them."""

import re

from core.data.cleaners.base import EVERY_TASK, Action, Context, Hit, with_texts
from core.data.cleaners.markup import BROKEN, ENTITY, TAG, as_text, leftover_tags
from core.data.cleaners.texts import excerpt, without_code
from core.data.examples import Example

# Who asks for a page gets tags, and wants them.
_ABOUT_TAGS = re.compile(
    r"\b(?:x?html5?|xml|css|jsx|tsx|svg|xslt|xpath|mathml|ssml|rss|dom|react|vue|angular|jquery|javascript|bootstrap|"
    r"php|jinja2?|tags?|markup|(?:web|html) ?(?:page|site|form)s? (?:code|template)|scrap(?:e|ing)|beautifulsoup|regex|"
    r"front-?end|entit(?:y|ies) (?:code|reference)s?)\b|标签|标记|前端|网页代码|超文本|爬虫|正则|转义|模板",
    re.IGNORECASE,
)
# Parts of a program or a document nobody reads as text.
_STRUCTURE = re.compile(
    r"<!doctype|<\?xml|<(?:html|head|body|script|style|svg|form|input|button|select|textarea|meta|link|canvas|xml|nav"
    r"|main|template)\b|\bclassName=|\{\{|<%",
    re.IGNORECASE,
)
_NAMED = re.compile(r"</?\w+/?>[\"'”’]? (?:tag|element|node)s?\b|\b(?:tag|element)s? [\"'“‘]?</?\w+/?>", re.IGNORECASE)
_TAG_LINE = re.compile(r"^([ \t]*)</?[a-zA-Z][^<>]*>", re.MULTILINE)


class Html:
    """Turns tags and entities into the text they stand for."""

    name = "html"
    label = "Leftover HTML"
    help = (
        "Turns tags and entities left over from web pages (“<p>”, “&nbsp;”) into plain text. Code, and examples "
        "that are about HTML, stay as they are."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "fix"
    tasks = EVERY_TASK

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The example as text, where tags or entities stand in it."""
        texts = [turn.content for turn in example.messages]
        if example.rejected:
            texts.append(example.rejected)
        found = next((text for text in texts if _may_hold(text)), None)
        if found is None or any(map(_is_about_tags, texts)):
            return None
        fixed = with_texts(example, as_text)
        return None if fixed is example else Hit(_note(texts), fixed)


def _may_hold(text: str) -> bool:
    """True for a text with a tag or an entity; most have neither sign."""
    return ("<" in text and TAG.search(text) is not None) or (
        ";" in text and (ENTITY.search(text) is not None or BROKEN.search(text) is not None)
    )


def _is_about_tags(text: str) -> bool:
    if _ABOUT_TAGS.search(text) or _STRUCTURE.search(text) or _NAMED.search(text):
        return True
    indented = _TAG_LINE.findall(text)
    return len(indented) > 2 and len(set(indented)) > 1  # a document written by lines


def _note(texts: list[str]) -> str:
    for bare in map(without_code, texts):
        found = next(iter(leftover_tags(bare)), None) or ENTITY.search(bare) or BROKEN.search(bare)
        if found:
            return excerpt(bare, *found.span())
    return ""
