"""Options, described once: the page, the command line, `plan.json` and the docs are all made from these fields."""

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from core.errors import OptionRefused

Kind = Literal["int", "float", "bool", "choice", "words", "text"]


class Options(BaseModel):
    """A group of options. Unknown names and values outside the limits are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @field_validator("*")
    @classmethod
    def _one_of_the_choices(cls, value: Any, info: ValidationInfo) -> Any:
        extra: Any = cls.model_fields[info.field_name or ""].json_schema_extra or {}
        choices = extra.get("choices")
        if choices and value not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return value


def knob(
    default: Any,
    *,
    label: str,
    help: str,
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
    choices: tuple[str, ...] = (),
    step: float | None = None,
) -> Any:
    """A field of an `Options` class.

    Args:
        default: the value when nobody chose one.
        label: the plain-language name; the field's own name is the term of art.
        help: one sentence on what it does and when to change it.
        unit: what one of it is, e.g. "tokens".
        ge: the smallest value allowed.
        le: the largest value allowed.
        choices: the words allowed, for a choice.
        step: how far one click of the form moves it.
    """
    extra: Any = {"label": label, "unit": unit, "choices": list(choices), "step": step}
    return Field(default, description=help, ge=ge, le=le, json_schema_extra=extra)


@dataclass(frozen=True)
class Knob:
    """One option as a form needs it."""

    name: str
    kind: Kind
    default: Any
    label: str
    help: str
    unit: str
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    step: float | None


def knobs_of(options: type[Options]) -> tuple[Knob, ...]:
    """The options of a class, in the order they were written."""
    return tuple(_knob_of(name, field) for name, field in options.model_fields.items())


def read_value(knob: Knob, text: str) -> Any:
    """The value a command line means by `text`; a list is comma-separated.

    Raises:
        OptionRefused: the text is no value of this kind.
    """
    try:
        return _READERS[knob.kind](text.strip())
    except (ValueError, KeyError) as error:
        raise OptionRefused(name=knob.name, found=text, expected=expected_of(knob)) from error


def build_options(options: type[Options], values: dict[str, Any]) -> Any:
    """An instance of `options`.

    Raises:
        OptionRefused: a value of the wrong kind or outside its limits; names the first.
    """
    try:
        return options(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        known = {knob.name: knob for knob in knobs_of(options)}
        expected = expected_of(known[name]) if name in known else first["msg"]
        raise OptionRefused(name=name, found=first["input"], expected=expected) from error


def expected_of(knob: Knob) -> str:
    """What may stand in an option, in words: "a whole number from 1 to 256"."""
    if knob.kind == "choice":
        return "one of " + ", ".join(knob.choices)
    words = {
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "words": "a comma-separated list of names",
        "text": "text",
    }[knob.kind]
    if knob.minimum is not None and knob.maximum is not None:
        return f"{words} from {knob.minimum:g} to {knob.maximum:g}"
    if knob.minimum is not None:
        return f"{words}, {knob.minimum:g} or more"
    return words


def _knob_of(name: str, field: FieldInfo) -> Knob:
    extra: Any = field.json_schema_extra or {}
    limits = {type(item).__name__: item for item in field.metadata}
    return Knob(
        name=name,
        kind=_kind_of(field),
        default=field.get_default(call_default_factory=True),
        label=extra.get("label", name),
        help=field.description or "",
        unit=extra.get("unit", ""),
        minimum=getattr(limits.get("Ge"), "ge", None),
        maximum=getattr(limits.get("Le"), "le", None),
        choices=tuple(extra.get("choices", ())),
        step=extra.get("step"),
    )


def _kind_of(field: FieldInfo) -> Kind:
    annotation = field.annotation
    if get_origin(annotation) is Literal or (field.json_schema_extra or {}).get("choices"):  # type: ignore[union-attr]
        return "choice"
    if get_origin(annotation) is tuple or tuple in get_args(annotation):
        return "words"
    kinds: dict[Any, Kind] = {bool: "bool", int: "int", float: "float", str: "text"}
    return kinds[annotation]


def _read_bool(text: str) -> bool:
    return {
        "true": True,
        "yes": True,
        "1": True,
        "on": True,
        "false": False,
        "no": False,
        "0": False,
        "off": False,
    }[text.lower()]


def _read_words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


_READERS: dict[Kind, Any] = {
    "int": int,
    "float": float,
    "bool": _read_bool,
    "choice": str,
    "words": _read_words,
    "text": str,
}
