"""Every word a person reads, in the language of the page: from assets/locales, and from core where core owns it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from core.chat.settings import ChatSettings
from core.errors import OptionRefused, TailorError, UnknownOption
from core.knobs import knobs_of
from core.strategies import STRATEGIES
from core.tasks import TASKS
from core.training.plan import Schedule
from core.workspace import ASSETS

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALES = ASSETS / "locales"
FIRST_HAN, LAST_HAN = chr(0x4E00), chr(0x9FFF)
PHRASE = "phrase:"  # keys of phrases core puts into errors, in English with {0}, {1}
ABOUT_AN_OPTION = (OptionRefused.code, UnknownOption.code)
_QUOTED_FIELD = re.compile(r"\{(\w+)![rsa]\}")


@dataclass(frozen=True)
class Words:
    """The words of one language, by key."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **facts: object) -> str:
        """The text of a key, with its facts filled in. A key that is not there is our mistake: KeyError."""
        return self.texts[key].format(**facts)

    def count(self, key: str, count: int, /, **facts: object) -> str:
        """The text for one or for many; `{count}` is the number, grouped by thousands."""
        form = "one" if count == 1 else "many"
        return self(f"{key}.{form}", count=f"{count:,}", **facts)

    def core(self, key: str, english: str) -> str:
        """What core says in English, in the language of the page."""
        return english if self.language == "en" else self.texts.get(key, english)

    def phrase(self, value: object) -> str:
        """A fact of an error in the language of the page; what no phrase fits stays as it is."""
        text = str(value)
        for pattern, template in _phrases(self.language):
            found = pattern.fullmatch(text)
            if found:
                return template.format(*map(self.phrase, found.groups()))
        return text

    def error(self, error: TailorError) -> str:
        """An error as one sentence or two."""
        return self.error_of(error.code, error.facts, str(error))

    def error_of(self, code: str, facts: Mapping[str, object], message: str) -> str:
        """An error that was written down: its code and facts, or its English message when the code is unknown."""
        template = self.texts.get(f"error.{code}")
        if self.language == "en" or template is None:
            return self._with_labels(code, message)
        said = _QUOTED_FIELD.sub(r"{\1}", template).format(**{name: self.phrase(fact) for name, fact in facts.items()})
        return self._with_labels(code, said)

    def _with_labels(self, code: str, sentence: str) -> str:
        """A sentence with the plain names of options, and their terms behind."""
        labels = _labels_of(self.language)

        def named(found: re.Match[str]) -> str:
            quoted, term = found[1], found[2]
            meant = "_" in term or (quoted and code in ABOUT_AN_OPTION)  # "epochs" is a word too
            return self("form.named", label=labels[term], term=term) if meant else found[0]

        return re.sub(rf"(?<![A-Za-z0-9_])(['“]?)({'|'.join(labels)})['”]?(?![A-Za-z0-9_])", named, sentence)


@cache
def words_for(language: Language) -> Words:
    """The words of a language; read from disk once."""
    return Words(language, read_locale(language))


def read_locale(language: Language) -> dict[str, str]:
    """The flat table of a locale file."""
    table: dict[str, str] = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    return table


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters in it."""
    return any(FIRST_HAN <= letter <= LAST_HAN for letter in text)


@cache
def _labels_of(language: Language) -> dict[str, str]:
    """Every option's plain name, by its term."""
    words = words_for(language)
    groups = [("knob", entry.options) for entry in (*STRATEGIES, *TASKS)] + [("knob", Schedule), ("chat", ChatSettings)]
    knobs = ((scope, knob) for scope, options in groups for knob in knobs_of(options))
    return {knob.name: words.core(f"{scope}.{knob.name}.label", knob.label) for scope, knob in knobs}


@cache
def _phrases(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pairs of an English pattern and its rendering, the special before the general."""
    marked = ((key, text) for key, text in read_locale(language).items() if key.startswith(PHRASE))
    return tuple((re.compile(_as_pattern(key.removeprefix(PHRASE)), re.DOTALL), text) for key, text in marked)


def _as_pattern(english: str) -> str:
    return re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(english))
