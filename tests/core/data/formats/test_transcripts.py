import pytest

from core.data.formats import FORMATS
from core.data.formats.base import ConversionProblem
from core.data.formats.transcripts import continued, turns_of
from core.data.table import RawRow
from tests.core.data.build import said, table

TWO = [("u", "q"), ("a", "r"), ("u", "s"), ("a", "t")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n\nHuman: q\n\nAssistant: r\n\nHuman: s\n\nAssistant: t", TWO),
        ("### Human: q### Assistant: r### Human: s### Assistant: t", TWO),
        ("<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\nr<|im_end|>\n", TWO[:2]),
        (
            "<s>[INST] <<SYS>>\nBe brief\n<</SYS>>\n\nq [/INST] r </s><s>[INST] s [/INST] t </s>",
            [("s", "Be brief"), *TWO],
        ),
        ("Below is a task.\n\n### Instruction:\nq\n\n### Input:\nx\n\n### Response:\nr", [("u", "q\nx"), ("a", "r")]),
        ("USER: q\n\n\nASSISTANT: r <|endoftext|>\n\n\nUSER: s\n\n\nASSISTANT: t <|endoftext|>", TWO),
        ("<|user|>\nq</s>\n<|assistant|>\nr</s>", TWO[:2]),
        ("<start_of_turn>user\nq<end_of_turn>\n<start_of_turn>model\nr<end_of_turn>", TWO[:2]),
        ("A chat. USER: q ASSISTANT: r</s>USER: s ASSISTANT: t</s>", [("s", "A chat."), *TWO]),
        (
            "<｜begin▁of▁sentence｜>Be brief<｜User｜>q<｜Assistant｜>r<｜end▁of▁sentence｜>",
            [("s", "Be brief"), *TWO[:2]],
        ),
        ("[|Human|] q\n[|AI|] r\n[|Human|]", TWO[:2]),
        ("[Round 1]\n\n问：q\n\n答：r\n\n[Round 2]\n\n问：s\n\n答：t", TWO),
        ("Q: q\nA: r\n\nQ: s\nA: t", TWO),
        ("Question: q\nAnswer: r", TWO[:2]),
        (
            "USER: q\n\nASSISTANT: call\n\nFUNCTION RESPONSE: 3\n\nASSISTANT: t",
            [TWO[0], ("a", "call"), ("t", "3"), TWO[3]],
        ),
        ("The plan.\nQ: one quarter\nA: another", []),
        ("Answer: r\nQuestion: q", []),
        ("\n\nHuman: q\n\nAssistant:", []),
        ("A text about the Human: it is long.", []),
        ("The [INST] mark begins an instruction.", []),
    ],
)
def test_marks_of_who_speaks(text: str, expected: list[tuple[str, str]]):
    assert said(turns_of(text)) == expected


def test_a_column_of_transcripts():
    entry = FORMATS.get("transcript")
    found = table({"system": "SYSTEM: Be brief", "chat": "USER: q\n\nASSISTANT: r"})
    mapping = entry.mapping(found)
    assert mapping == {"text": "chat", "system": "system"}
    assert said(entry.convert(found.rows[0], mapping).messages) == [("s", "Be brief"), *TWO[:2]]
    with pytest.raises(ConversionProblem, match="one side"):
        entry.convert(RawRow(1, {"chat": "USER: q"}), mapping)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("### Instruction:\nq\n\n### Response:\n", [("u", "q"), ("a", "Answer: r")]),
        ("[INST] q [/INST]", [("u", "q"), ("a", "Answer: r")]),
        ("<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n", [("u", "q"), ("a", "Answer: r")]),
        ("Which of these:", []),
        ("Human: q", []),
        ("", []),
    ],
)
def test_a_prompt_that_waits_for_its_answer(prompt: str, expected: list[tuple[str, str]]):
    assert said(continued(prompt, " Answer: r</s>")) == expected
