import pytest

from core.data.readers.decoding import decode, storable
from core.errors import BinaryFile

CHINESE = "问题,答案\n你们几点开门？,我们早上九点开门，晚上六点关门。\n"
FRENCH = "question,réponse\nOù êtes-vous ?,Nous sommes près de la gare, à côté du café.\nEt l'été ?,Fermé.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk", "gb2312"])
def test_chinese(encoding: str):
    assert decode("f", CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_french(encoding: str):
    assert decode("f", FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark(encoding: str):
    assert decode("f", "question,answer\na,b\n".encode(encoding)) == "question,answer\na,b\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_chinese_of_two_bytes_a_character_without_its_mark(encoding: str):
    text = "\u4e00\u6708,answer\n" + CHINESE * 3
    assert decode("f", text.encode(encoding)) == text
    with pytest.raises(BinaryFile):
        decode("f", bytes(range(256)) * 4)


def test_text_cut_inside_a_character_is_still_utf8():
    text = decode("f", (CHINESE * 5).encode()[:-2])
    assert text.startswith(CHINESE)
    assert text.endswith("\ufffd")


def test_zero_byte_is_named_with_its_place():
    with pytest.raises(BinaryFile) as caught:
        decode("f", b"abc\x00def")
    assert caught.value.facts["offset"] == 3


def test_a_stray_control_code_is_no_reason_to_refuse():
    text = "answer " * 50 + "\x07"
    assert decode("f", text.encode()) == text


def test_old_end_of_file_mark_is_dropped():
    assert decode("f", b"a,b\x1a") == "a,b"


def test_storable_keeps_what_can_be_written():
    assert storable("a😀你") == "a😀你"
    assert storable("a\ud800b\x00") == "a\ufffdb"
