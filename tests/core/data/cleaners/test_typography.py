import pytest

from core.data.cleaners import CLEANERS
from tests.core.data.cleaners.row import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("狗属于犬科,猫属于猫科。", "狗属于犬科，猫属于猫科。"),
        ("步骤: 先理解数据，再清洗!", "步骤：先理解数据，再清洗！"),
        ("今天很好,，明天，，也好。。。", "今天很好，明天，也好……"),
        ("真的吗？？？", "真的吗？"),
        ("Stop!!!! Now....", "Stop! Now..."),
        ('He said “hi” and "bye".', 'He said "hi" and "bye".'),
        ('他说“好”，她说"行"。', "他说“好”，她说“行”。"),
        ("It’s here, don't go.", "It's here, don't go."),
        ("第１章 and chapter 2", "第1章 and chapter 2"),
        ("I lost my card . I think , yes.", "I lost my card. I think, yes."),
    ],
)
def test_signs_are_written_one_way(text: str, expected: str):
    assert answer("typography", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "苹果,香蕉,梨",
        "价格是 3.5 元，时间 12:30，比例 1:2。",
        "“分:秒”的格式，很清楚。",
        "Wait... what?! (e.g. 3,5)",
        "She said “yes”.",
        "5'10\" tall",
        "x = [1,,2]; y = a..b",
        "```\na = '，,'\n```\n好，的。",
        "用 `a,,b` 分隔，好。",
        "def f(a):\n    return '你好,世界。'",
        "ＡＢＣ全角",
        "The .NET runtime, ... and so on",
    ],
)
def test_what_is_written_one_way_stays(text: str):
    assert answer("typography", text) == "same"


def test_nothing_is_done_unless_somebody_wants_it():
    assert CLEANERS.get("typography").default == "keep"
