"""HTML that cannot be broken by what people write: text is escaped unless it is `Markup` already."""

from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """An element. `class_` and `data_x` become `class` and `data-x`; None and False attributes are left out."""
    written = "".join(
        _attribute(key, value) for key, value in attributes.items() if value is not None and value is not False
    )
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*parts: object) -> Markup:
    """Parts one behind the other; None is nothing."""
    return Markup(
        "".join(part if isinstance(part, Markup) else escape(str(part)) for part in parts if part is not None)
    )


def div(class_: str, *children: object, **attributes: object) -> Markup:
    """A block of a class."""
    return tag("div", *children, class_=class_, **attributes)


def span(class_: str, *children: object, **attributes: object) -> Markup:
    """A stretch of a class."""
    return tag("span", *children, class_=class_, **attributes)


def paragraphs(text: str) -> Markup:
    """What a person or a model wrote: fenced code as code, everything else with its line breaks."""
    parts = text.split("```")
    return join(*(_code(part) if index % 2 else _prose(part) for index, part in enumerate(parts)))


def _prose(text: str) -> Markup:
    return tag("p", text.strip("\n")) if text.strip() else Markup("")


def _code(text: str) -> Markup:
    first, _, rest = text.partition("\n")
    body = rest if first.strip().isalnum() or not first.strip() else text
    return tag("pre", tag("code", body.rstrip()))


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
