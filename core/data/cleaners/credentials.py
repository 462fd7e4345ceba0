"""Keys, tokens and passwords: what opens something."""

import re
from collections.abc import Iterator

_KEYS = re.compile(
    r"(?a)(?<![\w-])(?:"
    r"sk-(?:ant-|proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{16,}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|"
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{22,}|glpat-[\w-]{20,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|"
    r"A(?:KIA|SIA)[0-9A-Z]{16}|AIza[\w-]{35}|xox[abeoprs]-[\w-]{10,}|SG\.[\w-]{16,}\.[\w-]{16,}|LTAI[A-Za-z0-9]{12,}|"
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})"
)
_PRIVATE = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|\Z)", re.DOTALL | re.ASCII
)
_IN_ADDRESS = re.compile(r"\b[a-z][a-z+]{1,12}://[^\s/:@]{1,64}:([^\s/@]{3,128})@", re.ASCII)
_NAMED = re.compile(
    r"(?:\b|_)(?:password|passwd|passphrase|pwd|api[ _-]?key|secret[ _-]?key|access[ _-]?(?:key|token)|"
    r"auth[ _-]?token|client[ _-]?secret|PIN code)\b[\"']?(?: (?:is|was))?\s*[:=]?\s*[\"'“`]?"
    r"(?<=[\s:=\"'“`])([^\s\"'“”`，。；、<>(){}\[\]]{5,128})|"
    r"(?:密码|口令|密钥|令牌)(?:是|为|：|:|=)+\s*[\"'“]?([!-~]{5,64})",
    re.IGNORECASE | re.ASCII,
)
_NO_SECRET = re.compile(
    r"x{3,}|\*{3,}|\.{3}|your|example|placeholder|changeme|<|password|passwort|secret\b|\$\{|%s|^https?:|^os\.|^process\.|"
    r"^[a-z_.]+\.[a-z_]+$|^\$2[aby]?\$",
    re.IGNORECASE | re.ASCII,
)
_MADE_UP = re.compile(r"generat|random|such as|for example|e\.g\.|生成|随机|例如|比如", re.IGNORECASE | re.ASCII)
# Without one of these, in small letters, no pattern above finds anything; asked by the sign all of a group have.
_BEGINNINGS = {
    "-": ("sk-", "glpat-", "xox"),
    "_": ("_live_", "_test_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "hf_", "npm_"),
    ".": ("sg.", "eyj"),
    "a": ("akia", "asia", "aiza", "ltai"),
}
_NAMES = ("passw", "passphr", "pwd", "key", "token", "secret", "pin code", "密码", "口令", "密钥", "令牌")
_KEYS_ALONE = frozenset(("key", "token", "secret"))  # names of secrets behind one of the next only
_BEFORE_KEY = ("api", "secret", "access", "auth", "client")


def secrets_in(text: str) -> Iterator[tuple[int, int]]:
    """Where keys, tokens and passwords stand."""
    lower = text.lower()
    if "private key" in lower:
        yield from (found.span() for found in _PRIVATE.finditer(text))
    if any(sign in lower and any(word in lower for word in words) for sign, words in _BEGINNINGS.items()):
        yield from (found.span() for found in _KEYS.finditer(text) if _is_random(found[0]))
    if "://" in lower and "@" in lower:
        yield from (found.span(1) for found in _IN_ADDRESS.finditer(text) if not _NO_SECRET.search(found[1]))
    names = {name for name in _NAMES if name in lower}
    if names - _KEYS_ALONE or (names and any(word in lower for word in _BEFORE_KEY)):
        yield from _named_in(text)


def _named_in(text: str) -> Iterator[tuple[int, int]]:
    for found in _NAMED.finditer(text):
        group = 1 if found[1] else 2
        value = found[group].rstrip(".,;:!?")
        is_made_up = _MADE_UP.search(text[max(0, found.start() - 60) : found.start(group)])
        if _is_password(value) and not is_made_up:
            yield found.start(group), found.start(group) + len(value)


def _is_random(key: str) -> bool:
    """No word, and not the xxxx of a manual."""
    return (
        bool(re.search(r"\d", key)) and len(set(key)) > 8 and not re.search(r"x{5}|your", key, re.IGNORECASE | re.ASCII)
    )


def _is_password(value: str) -> bool:
    """Letters with digits or signs among them: words of a sentence and names of variables have neither."""
    if len(value) < 5 or _NO_SECRET.search(value):
        return False
    has_digit, has_letter = re.search(r"\d", value), re.search(r"[A-Za-z]", value)
    has_sign = re.search(r"[!@#$%^&*+=~?]", value)
    return bool(has_letter and (has_digit or has_sign)) or bool(has_digit and has_sign)
