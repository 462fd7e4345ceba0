from core.chat.conversation import Answers, Conversation


def test_each_side_knows_its_own_answers_only():
    talk = Conversation("Be brief.").asked("Hi").answered(Answers("base says", "tuned says", done=True)).asked("And?")
    assert talk.messages("base") == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "base says"},
        {"role": "user", "content": "And?"},
    ]
    assert talk.messages("tuned")[2] == {"role": "assistant", "content": "tuned says"}


def test_an_empty_system_prompt_is_no_turn():
    assert Conversation("  ").asked("Hi").messages("base") == [{"role": "user", "content": "Hi"}]


def test_the_last_question_can_be_asked_again():
    talk = Conversation().asked("Hi").answered(Answers("a", "b", done=True))
    assert talk.without_last_answer() == Conversation().asked("Hi")
    assert Conversation().without_last_answer() == Conversation()
