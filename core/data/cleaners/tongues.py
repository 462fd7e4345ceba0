"""The language of a text: by its script where that says it, by the commonest words of English, else by `py3langid`."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

UNKNOWN = ""
_SAMPLE = 300  # characters that are looked at; a person knows a language by less
_FEWEST_LETTERS = 25  # of Latin or Cyrillic; below that names and brands would have a language
_FEWEST_SIGNS = 4  # of scripts that belong to one language
# Confidence of the identifier, and what it takes for few letters; English, code and lists taken for another language
# stay below 0.45 with many letters, below 0.8 with few.
_SURE, _QUITE_SURE, _FEW_LETTERS = 0.6, 0.8, 60
_NO_WORDS = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+|\S+@\S+", re.DOTALL)
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af\u1100-\u11ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "Cyrillic": re.compile("[\u0400-\u052f]"),
    "Arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]"),
    "Indic": re.compile("[\u0900-\u0dff]"),
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
_LARGEST = {"Cyrillic": "ru", "Arabic": "ar", "Indic": "hi"}  # what a text too short to tell is taken for
_WORD_SIGNS = 3  # a Chinese character says as much as three Latin letters
_ENGLISH = frozenset(
    [
        *("the", "of", "and", "to", "is", "that", "it", "for", "was", "are", "with", "you", "this", "have", "your"),
        *("from", "they", "what", "how", "which", "when", "can", "will", "would", "should", "their", "there", "about"),
        *("not", "does", "do", "if", "by", "be", "at", "or", "an", "we", "as", "our", "been", "please", "into"),
    ]
)
# Languages that are often taken for each other in a few words; the first stands for all.
_KIN = (
    "no nb nn da",
    "hr sr bs sh",
    "id ms jv su",
    "pt gl",
    "es ca an ast",
    "cs sk",
    "zh wuu yue",
    "fa ur",
    "ru uk be bg",
)
_HEAD = {code: line.split()[0] for line in _KIN for code in line.split()}


def language_of(text: str, length: int = _SAMPLE) -> str:
    """A code such as "en" or "zh" for the first `length` characters; "" where they do not tell.

    Languages that are easily taken for each other have one code.
    """
    sample = text[:length]
    if "`" in sample or "://" in sample or "@" in sample:
        sample = _NO_WORDS.sub(" ", text[: 2 * length])[:length]
    guess = UNKNOWN
    if not sample.isascii():
        script = _script_of(sample)
        if script not in ("Latin", *_LARGEST):
            return script
        guess = _LARGEST.get(script, UNKNOWN)
    words = sample.lower().split()
    known = sum(map(_ENGLISH.__contains__, words))
    if known > 1 and known * 7 > len(words):
        return "en"
    num_letters = sum(map(str.isalpha, sample))
    if num_letters < _FEWEST_LETTERS:
        return guess
    code, confidence = _identifier().classify(sample)
    return _HEAD.get(code, code) if confidence >= (_SURE if num_letters >= _FEW_LETTERS else _QUITE_SURE) else guess


def _script_of(sample: str) -> str:
    """The script most of a text is in; "" where it is mixed or too little."""
    counts = {name: len(signs.findall(sample)) for name, signs in _SCRIPTS.items()}
    if counts["ja"] and counts["ja"] * 10 > counts["zh"]:
        counts["ja"], counts["zh"] = counts["ja"] + counts["zh"], 0
    for name in ("zh", "ja", "ko"):
        counts[name] *= _WORD_SIGNS
    script = max(counts, key=lambda name: counts[name])
    fewest = _FEWEST_SIGNS * (_WORD_SIGNS if script in ("zh", "ja", "ko") else 1)
    return script if counts[script] >= max(fewest, 0.6 * sum(counts.values())) else UNKNOWN


@cache
def _identifier() -> Any:
    """Opened once: 0.5 seconds and 30 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
