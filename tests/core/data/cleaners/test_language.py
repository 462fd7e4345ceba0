import pytest

from core.data.cleaners.language import Language, code_of
from core.data.cleaners.tongues import language_of
from tests.core.data.build import pair
from tests.helpers.planted import clean_pairs
from tests.helpers.studies import study_of

ENGLISH = [pair(number, *texts) for number, texts in enumerate(clean_pairs(40))]
CHINESE = [pair(number, f"第{number}号订单什么时候发货？", f"您好，第{number}号订单明天发货。") for number in range(40)]
FRENCH = "Bonjour, je voudrais savoir comment réinitialiser mon mot de passe, merci."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FRENCH, "fr"),
        ("Wie kann ich mein Passwort zurücksetzen? Bitte helfen Sie mir dabei.", "de"),
        ("How do I reset my password?", "en"),
        ("如何重置密码？", "zh"),
        ("パスワードを忘れました。", "ja"),
        ("비밀번호를 잊어버렸어요.", "ko"),
        ("Как сбросить пароль для входа?", "ru"),
        ("كيف يمكنني إعادة تعيين كلمة المرور؟", "ar"),
        ("iPhone 12 Pro Max 的电池怎么样", "zh"),
        ("Paris", ""),
        ("", ""),
        ("你好", ""),
        ("12.5 % (3/4)", ""),
        ("def f(x):\n    return x + 1\n\nprint(f(3))", ""),
        ("```python\nfor number in range(10):\n    print(number)\n```", ""),
        ("1. Tokyo\n2. Beijing\n3. Manila", ""),
        ("Amanda, James, John, Maria", ""),
    ],
)
def test_language_of(text: str, code: str):
    assert language_of(text) == code


def test_a_foreign_question_and_a_foreign_answer_are_found():
    rows = [
        *ENGLISH,
        pair(90, FRENCH, "Open the settings of your account."),
        pair(91, "Where are the keys now?", FRENCH),
    ]
    studied = study_of(Language(), rows)
    assert studied.rows == [40, 41]
    assert studied.hits.notes[41] == FRENCH[:80]
    assert [code_of(number) for number in studied.hits.figures["spoken"].tolist()[39:]] == ["en", "en", "fr"]


def test_an_english_answer_among_chinese_ones():
    rows = [*CHINESE, pair(90, "怎么退货？", "Please send it back to us within two weeks, and we refund the price.")]
    assert study_of(Language(), rows).rows == [40]


def test_what_is_asked_for_is_not_foreign():
    rows = [
        *ENGLISH,
        pair(90, "Translate: I would like to know how to reset it.", FRENCH),
        pair(91, "How do I ask for my password in French?", FRENCH),
    ]
    assert study_of(Language(), rows).rows == []
    rows = [*CHINESE, pair(90, "用“shimmer”造一个句子。", "The shimmer of the horizon exudes a breathtaking view.")]
    assert study_of(Language(), rows).rows == []


def test_two_languages_may_be_meant_and_many_are():
    both = [*ENGLISH, *CHINESE]
    assert study_of(Language(), both).rows == []
    assert study_of(Language(), [*both, pair(90, FRENCH, FRENCH)]).rows == [80]
    many = [*ENGLISH[:10], *CHINESE[:10], *(pair(number, FRENCH, FRENCH) for number in range(10))]
    assert (
        study_of(Language(), [*many, *(pair(number, "비밀번호를 잊어버렸어요.", "네.") for number in range(9))]).rows
        == []
    )


def test_few_texts_tell_nothing():
    assert study_of(Language(), [*ENGLISH[:10], pair(90, FRENCH, FRENCH)]).rows == []


def test_a_text_that_changes_its_language_is_found():
    mixed = "The winner is known as a 全能战士。他的表现令人印象深刻，不仅展现了他的精准度，创下了新纪录。"
    assert study_of(Language(), [*ENGLISH, pair(90, "Who won the game?", mixed)]).rows == [40]
