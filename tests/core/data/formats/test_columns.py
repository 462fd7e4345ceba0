import pytest

from core.data.formats import FORMATS
from core.data.formats.base import ConversionProblem
from core.data.formats.prompt_completion import without_marks
from core.data.table import RawRow
from tests.core.data.build import said, table


def converted(name: str, row: dict[str, object]) -> list[tuple[str, str]]:
    entry, found = FORMATS.get(name), table(row)
    assert entry.score(found) > 0.5
    return said(entry.convert(found.rows[0], entry.mapping(found)).messages)


def test_alpaca():
    row = {"instruction": "Translate", "input": "Hund", "output": "dog", "system": "Be brief"}
    assert converted("alpaca", row) == [("s", "Be brief"), ("u", "Translate\nHund"), ("a", "dog")]
    assert converted("alpaca", {"Instruction": "Go", "input": "", "output": "ok"}) == [
        ("u", "Go"),
        ("a", "ok"),
    ]
    dolly = {"instruction": "Sum up", "context": "Long text", "response": "short", "category": "x"}
    assert converted("alpaca", dolly) == [("u", "Sum up\nLong text"), ("a", "short")]


def test_alpaca_history():
    row = {"instruction": "c", "output": "d", "history": [["a", "b"]]}
    assert converted("alpaca", row) == [("u", "a"), ("a", "b"), ("u", "c"), ("a", "d")]
    with pytest.raises(ConversionProblem, match="history"):
        converted("alpaca", row | {"history": ["a"]})


def test_values_that_are_no_text():
    row = {"instruction": 3.0, "output": {"a": [1, "é"]}}
    assert converted("alpaca", row) == [("u", "3"), ("a", '{"a": [1, "é"]}')]
    assert converted("alpaca", {"instruction": True, "output": None}) == [("u", "true"), ("a", "")]


def test_row_without_the_column_says_what_it_has():
    entry = FORMATS.get("alpaca")
    with pytest.raises(ConversionProblem, match="a row with instruction") as caught:
        entry.convert(RawRow(1, {"instruction": "a"}), {"instruction": "instruction", "output": "output"})
    assert "'output'" in caught.value.expected


def test_prompt_completion():
    assert converted("prompt_completion", {"prompt": "a", "completion": "b"}) == [("u", "a"), ("a", "b")]
    row = {"prompt": "a", "system_prompt": "S", "response": "b"}
    assert converted("prompt_completion", row) == [("s", "S"), ("u", "a"), ("a", "b")]


def test_prompt_completion_of_messages():
    prompt = [{"role": "system", "content": "S"}, {"role": "user", "content": "a"}]
    row = {"prompt": prompt, "completion": [{"role": "assistant", "content": "b"}]}
    assert converted("prompt_completion", row) == [("s", "S"), ("u", "a"), ("a", "b")]


@pytest.mark.parametrize(
    ("prompt", "completion", "expected"),
    [
        ("Ask ->", " Answer END", ("Ask", "Answer")),
        ("Ask\n\n###\n\n", " Answer\n", ("Ask", "Answer")),
        ("Ask", " Answer ###", ("Ask", "Answer")),
        ("Ask", "Answer<|endoftext|>", ("Ask", "Answer<|endoftext|>")),
        ("Ask ->", "Answer<|endoftext|>", ("Ask", "Answer")),
        ("Ask", "CASE x END", ("Ask", "CASE x END")),
        ("a -> b", "a\nEND\n", ("a -> b", "a\nEND")),
        ("Ask", "    code\n    more", ("Ask", "   code\n    more")),
    ],
)
def test_marks_of_old_models(prompt: str, completion: str, expected: tuple[str, str]):
    assert without_marks(prompt, completion) == expected


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("question", "answer"),
        ("Question", "ANSWER"),
        ("Q", "A"),
        ("q_en", "a_en"),
        ("Question (EN)", "Answer (EN)"),
        ("customer question", "our answer"),
        ("user", "assistant"),
        ("query", "response"),
        ("ask", "reply"),
        ("input", "output"),
        ("title", "answer"),
        ("问题", "答案"),
        ("提问", "回答"),
        ("问", "答"),
        ("输入", "输出"),
        ("用户问题", "标准回复"),
        ("問題", "回覆"),
        ("質問", "回答"),
        ("질문", "답변"),
        ("Frage", "Antwort"),
        ("Question", "Réponse"),
        ("pregunta", "respuesta"),
        ("Вопрос", "Ответ"),
        ("problem", "solution"),
        ("inputs", "targets"),
    ],
)
def test_question_and_answer_under_many_names(question: str, answer: str):
    entry, found = FORMATS.get("question_answer"), table({"id": "1", question: "x", answer: "y"}, kind="csv")
    assert entry.mapping(found) == {"question": question, "answer": answer}
    assert entry.score(found) > 0.5
    assert said(entry.convert(found.rows[0], entry.mapping(found)).messages) == [("u", "x"), ("a", "y")]


def test_the_nearest_names_and_the_same_language():
    entry = FORMATS.get("question_answer")
    medical = table({"department": "", "title": "", "ask": "", "answer": ""})
    assert entry.mapping(medical) == {"question": "ask", "answer": "answer", "context": "title"}
    faq = table({"id": "", "q_fr": "", "q_en": "", "a_en": "", "a_fr": ""})
    assert entry.mapping(faq) == {"question": "q_fr", "answer": "a_fr"}


def test_system_and_context():
    row = {"question": "q", "answer": "a", "system": "S", "context": "C"}
    assert converted("question_answer", row) == [("s", "S"), ("u", "C\n\nq"), ("a", "a")]


@pytest.mark.parametrize("columns", [("text", "category"), ("question", "id"), ("title", "description", "label")])
def test_tables_of_something_else(columns: tuple[str, ...]):
    found = table(dict.fromkeys(columns, "x"), kind="csv")
    assert FORMATS.get("question_answer").score(found) == 0
    assert FORMATS.get("question_answer").mapping(found) == {}


def test_columns_whose_names_say_nothing_are_told_by_question_marks():
    entry = FORMATS.get("question_answer")
    rows = [{"column 1": str(n), "column 2": f"What is {n}?", "column 3": f"It is the number {n}."} for n in range(3)]
    found = table(*rows, kind="csv")
    assert entry.mapping(found) == {"question": "column 2", "answer": "column 3"}
    assert 0.2 < entry.score(found) < 0.6
    labels = [{"v1": "spam" if n % 2 else "ham", "v2": f"Is it {n}?"} for n in range(9)]
    assert entry.score(table(*labels, kind="csv")) == 0


def test_a_lone_letter_in_a_name_makes_no_pair():
    row = {"history": "x", "human_ref_A": "a", "human_ref_B": "b"}
    assert FORMATS.get("question_answer").score(table(row)) == 0


def test_answers_marked_as_bad_are_not_learned():
    entry = FORMATS.get("prompt_completion")
    found = table({"prompt": "q", "completion": "a", "label": True}, {"prompt": "q", "completion": "b", "label": False})
    mapping = entry.mapping(found)
    assert mapping == {"prompt": "prompt", "completion": "completion", "wanted": "label"}
    assert said(entry.convert(found.rows[0], mapping).messages) == [("u", "q"), ("a", "a")]
    with pytest.raises(ConversionProblem, match="unwanted"):
        entry.convert(found.rows[1], mapping)


@pytest.mark.parametrize("answers", [["a", "b"], {"text": ["a"], "answer_start": [1]}, [{"text": "a"}, {"text": "b"}]])
def test_of_several_right_answers_the_first_is_learned(answers: object):
    assert converted("question_answer", {"question": "q", "answers": answers}) == [("u", "q"), ("a", "a")]


def test_several_labels_are_one_answer():
    assert converted("classification", {"text": "t", "labels": ["x", "y"]}) == [("u", "t"), ("a", "x, y")]
    with pytest.raises(ConversionProblem, match="as a label"):
        converted("classification", {"text": "t", "labels": [{"start": 1}]})


def test_objects_are_no_passages():
    assert FORMATS.get("passage").score(table({"body": {"model": "m", "n": "a text that is long enough"}})) == 0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"problem": "q", "solution": "the way", "answer": "3"}, [("u", "q"), ("a", "the way")]),
        ({"subject": "s", "body": "q", "answer": "a", "type": "t"}, [("u", "s\n\nq"), ("a", "a")]),
        ({"question_title": "t", "question_content": "q", "best_answer": "a"}, [("u", "t\n\nq"), ("a", "a")]),
        ({"Description": "Q. Is it?", "Patient": "q", "Doctor": "a"}, [("u", "q"), ("a", "a")]),
        ({"article": "q", "highlights": "a"}, [("u", "q"), ("a", "a")]),
        ({"text": "q", "summary": "a"}, [("u", "q"), ("a", "a")]),
        ({"source": "q", "target": "a"}, [("u", "q"), ("a", "a")]),
        ({"用户": "q", "客服": "a"}, [("u", "q"), ("a", "a")]),
        ({"userMessage": "q", "assistantReply": "a"}, [("u", "q"), ("a", "a")]),
        ({"questions": [["q", "p"]], "answers": ["a", "b"]}, [("u", "q"), ("a", "a")]),
        ({"question_id": "7", "answer_id": "8", "question": "q", "answer": "a"}, [("u", "q"), ("a", "a")]),
    ],
)
def test_pairs_as_others_name_them(row: dict[str, object], expected: list[tuple[str, str]]):
    entry, found = FORMATS.get("question_answer"), table(row)
    assert entry.score(found) > FORMATS.get("passage").score(found)
    assert said(entry.convert(found.rows[0], entry.mapping(found)).messages) == expected


@pytest.mark.parametrize(
    "columns", [("question_id", "answer_id"), ("customer_id", "agent_id", "created"), ("user_name", "reply_count")]
)
def test_a_number_of_an_answer_is_none(columns: tuple[str, ...]):
    assert FORMATS.get("question_answer").score(table(dict.fromkeys(columns, "x"), kind="csv")) == 0


def test_tools_beside_a_question_are_kept():
    entry, found = FORMATS.get("question_answer"), table({"query": "q", "tools": '[{"name": "t"}]', "answers": "[]"})
    assert entry.convert(found.rows[0], entry.mapping(found)).messages[0].as_dict()["tools"] == [{"name": "t"}]


TURNS = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "r"}, {"role": "user", "content": "s"}]


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": TURNS, "response": "t"},
        {"messages": TURNS, "answer": "t"},
        {"prompt": "s", "response": "t", "history": [["q", "r"]]},
        {"prompt": "s", "response": "t", "history": TURNS[:2]},
        {"prompt": "\n\nHuman: q\n\nAssistant: r\n\nHuman: s\n\nAssistant:", "completion": " t"},
        {"instruction": "Human:q\nAssistant:r\nHuman:s\nAssistant:", "input": "", "output": "t"},
    ],
)
def test_the_answer_beside_earlier_turns(row: dict[str, object]):
    found = table(row)
    entry = max(FORMATS, key=lambda entry: entry.score(found))
    assert said(entry.convert(found.rows[0], entry.mapping(found)).messages) == [
        *(("u", "q"), ("a", "r"), ("u", "s"), ("a", "t"))
    ]
