import shutil
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from core.chat.conversation import Answers, Conversation
from core.chat.session import ChatDesk, Pair, _both, chat_dtype, open_pair, tuned_tokens
from core.chat.settings import ChatSettings
from core.errors import ConversationTooLong, DeviceBusy, OptionRefused, RunNotFinished
from core.hardware import Device, DeviceLease
from core.models.catalog import open_base
from core.strategies import STRATEGIES
from core.workspace import RunFolder
from tests.helpers.trained import Trained, Ways

CPU = Device("cpu", "CPU", 16.0, has_bf16=False, num_threads=1)
QUESTIONS = (
    "?",
    "Where is parcel 3?",
    "包裹8在哪里？它在路上吗？",
    "Where is my parcel, and where is parcel 14, and where is everything else that I have ever asked about?",
    "Sorry, I know nothing, do I?",
)
SETTINGS = ChatSettings(max_new_tokens=30)
STOP = 2
ADAPTERS = [way.name for way in STRATEGIES if way.saves == "adapter" and way.unavailable(CPU) is None]


@pytest.fixture
def lease() -> DeviceLease:
    return DeviceLease()


@pytest.fixture
def desk(lease: DeviceLease) -> ChatDesk:
    return ChatDesk(CPU, lease)


@pytest.fixture(scope="module")
def pairs(trained: Trained) -> dict[str, Pair]:
    return {
        strategy: open_pair(trained.folder(strategy), str(trained.base), strategy, CPU, key=("", 0.0))
        for strategy in trained.ids
    }


@pytest.fixture(scope="module")
def plain(trained: Trained) -> dict[str, Callable[[list[int]], list[int]]]:
    """Greedy answers of models opened with nothing of ours: the base alone, PEFT's, and the fully tuned one."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    def opened(folder: Path) -> Any:
        return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    models = {
        "base": opened(trained.base),
        "lora": PeftModel.from_pretrained(opened(trained.base), trained.folder("lora").adapter).eval(),
        "full": opened(trained.folder("full").adapter),
    }

    def greedy(model: Any, prompt: list[int]) -> list[int]:
        ids = torch.tensor([prompt])
        out = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=30, do_sample=False, eos_token_id=[2]
        )
        return [token for token in out[0, len(prompt) :].tolist() if token != 2]

    return {name: lambda prompt, model=model: greedy(model, prompt) for name, model in models.items()}


def both_rows(pair: Pair, prompts: list[list[int]]) -> list[list[int]]:
    steps = list(_both(pair, prompts, SETTINGS))
    return [[step[side] for step in steps if step[side] is not None] for side in (0, 1)]


def asked(question: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question}]


@pytest.mark.parametrize("strategy", ["lora", "full"])
def test_each_row_answers_as_its_own_model_alone_whatever_stands_beside_it(
    pairs: dict[str, Pair], plain: dict[str, Any], strategy: str
):
    pair = pairs[strategy]
    prompts = [pair.tokens.prompt(asked(question)) for question in QUESTIONS]
    assert len({len(prompt) for prompt in prompts}) == len(prompts)  # so one of the two rows is always padded
    for base_prompt, tuned_prompt in zip(prompts, prompts[::-1], strict=True):
        base, tuned = both_rows(pair, [base_prompt, tuned_prompt])
        assert base == plain["base"](base_prompt)
        assert tuned == plain[strategy](tuned_prompt)
    differing = [prompt for prompt in prompts if plain["base"](prompt) != plain[strategy](prompt)]
    assert len(differing) >= 3  # else the test could not tell the two apart


@pytest.mark.parametrize("strategy", ADAPTERS)
def test_each_side_of_an_adapter_answers_with_its_own_weights_from_one_base_in_memory(
    ways: Ways, plain: dict[str, Any], strategy: str
):
    pair = open_pair(ways.folder(strategy), str(ways.base), strategy, CPU, key=("", 0.0))
    assert pair.mixed is not None and pair.base is pair.tuned is None
    alone = plain_adapter(ways, strategy)
    prompts = [pair.tokens.prompt(asked(question)) for question in QUESTIONS]
    for base_prompt, tuned_prompt in zip(prompts, prompts[::-1], strict=True):
        base, tuned = both_rows(pair, [base_prompt, tuned_prompt])
        assert base == plain["base"](base_prompt)
        assert tuned == alone(tuned_prompt)
    assert any(plain["base"](prompt) != alone(prompt) for prompt in prompts)  # else nothing could be told apart


def plain_adapter(ways: Ways, strategy: str) -> Callable[[list[int]], list[int]]:
    """The most likely tokens one by one, each from the whole text so far: no cache, nothing of ours."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(ways.base, dtype=torch.float32)
    model = PeftModel.from_pretrained(base, ways.folder(strategy).adapter).eval()

    def greedy(prompt: list[int]) -> list[int]:
        ids = list(prompt)
        with torch.no_grad():
            while len(ids) < len(prompt) + SETTINGS.max_new_tokens:
                token = int(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax())
                if token == STOP:
                    break
                ids.append(token)
        return ids[len(prompt) :]

    return greedy


def test_lora_holds_one_model_in_memory(pairs: dict[str, Pair], trained: Trained):
    pair = pairs["lora"]
    assert pair.base is pair.tuned is None
    whole = sum(weight.numel() for weight in pairs["full"].base.parameters())
    assert sum(weight.numel() for weight in pair.mixed.parameters()) < 1.5 * whole


def test_the_tuned_side_alone_is_what_an_export_is_held_to(pairs: dict[str, Pair], plain: dict[str, Any]):
    for question in QUESTIONS:
        prompt = pairs["lora"].tokens.prompt(asked(question))
        assert tuned_tokens(pairs["lora"], asked(question), SETTINGS) == plain["lora"](prompt)


@pytest.mark.parametrize("strategy", ["lora", "full"])
def test_answers_grow_and_end_by_themselves(desk: ChatDesk, trained: Trained, lease: DeviceLease, strategy: str):
    seen = list(desk.ask(trained.folder(strategy), Conversation().asked("Where is parcel 3?"), SETTINGS))
    assert len(seen) > 3
    assert [answers.done for answers in seen] == [False] * (len(seen) - 1) + [True]
    for before, after in pairwise(seen):
        assert len(after.base) >= len(before.base)
        assert len(after.tuned) >= len(before.tuned)
        assert after.base_tokens >= before.base_tokens
    last = seen[-1]
    assert last.base
    assert last.tuned
    assert "<|im_end|>" not in last.base + last.tuned
    assert last.seconds > 0
    assert lease.holder is None


def test_a_second_turn_goes_on_from_each_sides_own_answer(desk: ChatDesk, trained: Trained, plain: dict[str, Any]):
    first = (
        Conversation("Be brief.").asked("Where is parcel 3?").answered(Answers("No.", "It is on its way.", done=True))
    )
    talk = first.asked("And 4?")
    *_, last = desk.ask(trained.folder("lora"), talk, SETTINGS)
    tokens = desk._pair.tokens
    for side, model in (("base", "base"), ("tuned", "lora")):
        expected = plain[model](tokens.prompt(talk.messages(side)))
        assert last.of(side) == tokens.tokenizer.decode(expected, skip_special_tokens=True).rstrip("\ufffd")


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_closing_the_iterator_stops_the_thread_and_frees_the_device(
    desk: ChatDesk, trained: Trained, lease: DeviceLease, taken: int
):
    answers = desk.ask(trained.folder("lora"), Conversation().asked("?"), ChatSettings(max_new_tokens=400))
    for _ in range(taken):
        next(answers)
    answers.close()
    assert [thread for thread in threading.enumerate() if thread.name == "answers"] == []
    assert lease.holder is None


def test_a_failure_while_answering_reaches_who_asked(desk: ChatDesk, trained: Trained, lease, monkeypatch):
    list(desk.ask(trained.folder("lora"), Conversation().asked("?"), SETTINGS))

    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(desk._pair.mixed, "generate", fail)
    with pytest.raises(MemoryError, match="no room"):
        list(desk.ask(trained.folder("lora"), Conversation().asked("?"), SETTINGS))
    assert lease.holder is None


def test_chance_is_the_seeds(desk: ChatDesk, trained: Trained):
    def drawn(**settings: Any) -> tuple[str, str]:
        chosen = ChatSettings(max_new_tokens=30, **settings)
        *_, last = desk.ask(trained.folder("lora"), Conversation().asked("Where is parcel 3?"), chosen)
        return last.base, last.tuned

    assert drawn(temperature=1.5, top_p=1.0, seed=1) == drawn(temperature=1.5, top_p=1.0, seed=1)
    assert drawn(temperature=1.5, top_p=1.0, seed=1) != drawn(temperature=1.5, top_p=1.0, seed=2)
    assert drawn(seed=1) == drawn(seed=2) == drawn(temperature=0.0, top_p=0.5)


@pytest.mark.parametrize("strategy", ["lora", "full"])
def test_a_thought_that_the_prompt_opens_is_kept_apart(desk: ChatDesk, trained: Trained, strategy: str):
    """Some templates end the prompt with <think>; this model never closes it, so all it writes is a thought."""
    question = Conversation().asked("Where is parcel 3?")
    *_, plain = desk.ask(trained.folder(strategy), question, SETTINGS)
    assert plain.thought_of("tuned") == ""
    tokenizer = desk._pair.tokens.tokenizer
    tokenizer.chat_template = tokenizer.chat_template.replace(
        "assistant\n' }}{% endif %}", "assistant\n<think>\n' }}{% endif %}"
    )
    *_, thinking = desk.ask(trained.folder(strategy), question, SETTINGS)
    assert (thinking.base, thinking.tuned) == ("", "")
    assert thinking.base_thought
    assert thinking.tuned_thought


def test_asking_again_draws_other_words_and_the_same_ones_each_time(desk: ChatDesk, trained: Trained):
    def drawn(conversation: Conversation, temperature: float = 1.5) -> tuple[str, str]:
        chosen = ChatSettings(max_new_tokens=30, top_p=1.0, temperature=temperature, seed=2**31 - 1)
        *_, last = desk.ask(trained.folder("lora"), conversation, chosen)
        return last.base, last.tuned

    first = Conversation().asked("Where is parcel 3?")
    second, third = first.asked_again(), first.asked_again().asked_again()
    assert len({drawn(talk) for talk in (first, second, third)}) == 3
    assert drawn(second) == drawn(second)
    assert drawn(first, temperature=0) == drawn(second, temperature=0)


def test_a_conversation_that_is_too_long_is_refused_with_the_room_there_is(desk: ChatDesk, trained: Trained, lease):
    with pytest.raises(OptionRefused) as caught:
        list(desk.ask(trained.folder("lora"), Conversation().asked("Hi"), ChatSettings(max_new_tokens=510)))
    assert caught.value.facts["name"] == "max_new_tokens"
    room = int(str(caught.value.facts["expected"]).split()[2])
    list(desk.ask(trained.folder("lora"), Conversation().asked("Hi"), ChatSettings(max_new_tokens=room)))
    with pytest.raises(ConversationTooLong, match="clear it"):
        list(desk.ask(trained.folder("lora"), Conversation().asked("Hi " * 600), SETTINGS))
    assert lease.holder is None


def test_while_a_run_trains_nobody_is_answered(desk: ChatDesk, trained: Trained, lease: DeviceLease):
    with lease.held_by("the run a"), pytest.raises(DeviceBusy, match="the run a"):
        next(desk.ask(trained.folder("lora"), Conversation().asked("Hi"), SETTINGS))
    assert next(desk.ask(trained.folder("lora"), Conversation().asked("Hi"), SETTINGS))


def test_a_run_without_a_result_has_nothing_to_compare(desk: ChatDesk, trained: Trained, tmp_path: Path):
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    for path in (trained.folder("lora").plan, trained.folder("lora").status):
        shutil.copy(path, folder.path)
    with pytest.raises(RunNotFinished):
        next(desk.ask(folder, Conversation().asked("Hi"), SETTINGS))


def test_the_pair_is_kept_until_the_memory_is_wanted(desk: ChatDesk, trained: Trained):
    list(desk.ask(trained.folder("lora"), Conversation().asked("Hi"), SETTINGS))
    pair = desk._pair
    list(desk.ask(trained.folder("lora"), Conversation().asked("Hi"), SETTINGS))
    assert desk._pair is pair
    list(desk.ask(trained.folder("full"), Conversation().asked("Hi"), SETTINGS))
    assert desk._pair is not pair
    desk.release()
    assert desk._pair is None


def test_a_base_too_large_for_float32_stays_as_stored(trained: Trained):
    base = open_base(str(trained.base))
    assert chat_dtype(base, CPU) == torch.float32
    assert chat_dtype(base, Device("cpu", "CPU", base.weights_bytes / 2**30, False, 1)) == "auto"
