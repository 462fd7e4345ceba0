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


def test_a_thought_is_not_said_again():
    answers = Answers("base says", "tuned says", base_thought="hm", tuned_thought="well")
    talk = Conversation().asked("Hi").answered(answers).asked("And?")
    assert [turn["content"] for turn in talk.messages("tuned")] == ["Hi", "tuned says", "And?"]
    assert (answers.thought_of("base"), answers.thought_of("tuned")) == ("hm", "well")


def test_an_empty_system_prompt_is_no_turn():
    assert Conversation("  ").asked("Hi").messages("base") == [{"role": "user", "content": "Hi"}]


def test_the_last_question_can_be_asked_again_and_each_try_is_counted():
    talk = Conversation().asked("First").answered(Answers("a", "b", done=True)).asked("Hi")
    assert talk.tries == 0
    again = talk.answered(Answers("c", "d", done=True)).asked_again()
    assert again.messages("base") == talk.messages("base")
    assert (again.tries, again.turns[0]) == (1, talk.turns[0])
    assert again.answered(Answers("e", "f", done=True)).asked_again().tries == 2
    assert again.answered(Answers("e", "f", done=True)).asked("And?").tries == 0
    assert Conversation().asked_again() == Conversation()
