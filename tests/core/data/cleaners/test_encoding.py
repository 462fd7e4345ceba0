import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.cleaners.encoding import readable
from core.data.examples import PASSAGE
from tests.core.data.build import chat
from tests.core.data.cleaners.row import hit, judged

WRITTEN = [
    "你好，世界。",
    "希望我的回答对你有所帮助！",
    "请问“发票”什么时候开具？谢谢",
    "Der Käfer läuft über die Straße.",
    "L’été, c’est déjà fini… à Noël – peut-être.",
    "El niño comió 3 piñas por 5 €.",
    "It’s “fine” — really 😀.",
]


def as_windows(text: str) -> str:
    """UTF-8 as browsers read Windows-1252: the five bytes it leaves open stay control characters."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
        for byte in text.encode()
    )


@pytest.mark.parametrize("text", WRITTEN)
def test_text_read_wrongly_is_read_again(text: str):
    for wrong in (as_windows(text), text.encode().decode("latin-1"), as_windows(as_windows(text))):
        assert readable(wrong) == text
        assert readable(f"Hello.\n{wrong}") == f"Hello.\n{text}"


@pytest.mark.parametrize("text", WRITTEN[:3])
def test_a_lost_no_break_space_is_found_again(text: str):
    assert readable(as_windows(text).replace("\xa0", " ")) == text


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ("浣犲ソ", "你好"),
        ("甯屾湜鎴戠殑鍥炵瓟瀵逛綘鏈夊府鍔╋紒", "希望我的回答对你有帮助！"),
        ("ÄãºÃ£¬ÊÀ½ç¡£", "你好，世界。"),
        ("РџСЂРёРІРµС‚ РјРёСЂ", "Привет мир"),
        ("Â£5", "£5"),
    ],
)
def test_other_encodings(wrong: str, text: str):
    assert readable(wrong) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u200bb\ufeff", "ab"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a\x00b\x07", "ab"),
        ("x\x1b[31mred\x1b[0m", "xred"),
        ("page\x0cnext\u2028line", "page\nnext\nline"),
        ("left\u200e\u202aright\u202c", "leftright"),
        ("a\u200db", "ab"),
        ("￼photo", "photo"),
    ],
)
def test_signs_nobody_sees_are_removed(text: str, expected: str):
    assert readable(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",
        "क\u094d\u200dष",
        "שלום\u200f!",
        "ไทย\u200bไทย",
        "à la café – bon é”— SÃO PAULO, ÁÉÍÓÚÂÊÔ",
        "¡¡¡Hola!!! ½½½½½½ °°°°°°",
        "，。！？：；“”（）ＡＢＣ１２３　全角",
        "Привет, Россия! СССР",
        "区块鏈与璇玑、横浜、鐨",
        "x = 'ﬁ' # ½ ™ ’",
    ],
)
def test_what_is_meant_stays(text: str):
    assert readable(text) == text


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Z"]), max_size=30))
def test_putting_right_ends(text: str):
    assert readable(readable(text)) == readable(text)


@pytest.mark.parametrize("text", ["锟斤拷锟斤拷", "caf\ufffd", "鈥\ufffd", "æˆ‘çš„è®¢å\ufffd•"])
def test_what_is_lost_is_reported_without_a_remedy(text: str):
    found = hit("encoding", chat("1", ("u", "a"), ("a", text)))
    assert found and found.fixed is None and found.note


def test_every_text_is_looked_at():
    assert judged("encoding", ("s", "cafÃ©"), ("u", "a"), ("a", "b\u200b")) == [("s", "café"), ("u", "a"), ("a", "b")]
    assert judged("encoding", ("u", "a"), ("a", "b")) == "same"
    found = hit("encoding", chat("1", ("a", "The cafÃ© opens.")), PASSAGE)
    assert found and found.note == "The cafÃ© opens." and found.fixed


def test_who_explains_it_may_show_it():
    assert judged("encoding", ("u", "What is mojibake?"), ("a", "Mojibake: “café” as “cafÃ©”.")) == "same"
