from pathlib import Path

import pytest
import torch

from core.data.examples import Example, Message
from core.data.tokenize import IGNORED, Tokenization
from core.errors import TooFewLabels, UnseenLabels
from core.models.catalog import open_base
from core.models.heads import head_names, open_with_head
from core.models.load import load_tokenizer
from core.tasks.classification import Classification

TASK = Classification()


def labelled(text: str, label: str) -> Example:
    turns = (Message("system", "Be brief."), Message("user", text), Message("assistant", label))
    return Example(text, turns)


def test_labels_have_the_same_order_whatever_the_order_of_the_rows():
    rows = [labelled("a", "slow"), labelled("b", " good "), labelled("c", "slow"), labelled("d", "好")]
    assert TASK.labels(rows) == TASK.labels(rows[::-1]) == ("good", "slow", "好")


def test_one_label_alone_is_nothing_to_choose_from():
    (issue,) = TASK.concerns([labelled("a", "x"), labelled("b", "x")], []).issues
    assert isinstance(issue, TooFewLabels)


def test_a_held_back_label_that_is_never_learned_is_said_and_counts_as_a_mistake(bert: Path):
    train = [labelled("good", "x"), labelled("bad", "y")]
    held = [labelled("slow", "z"), labelled("quick", "x"), labelled("late", "z")]
    (note,) = TASK.concerns(train, held).notes
    assert isinstance(note, UnseenLabels) and note.facts == {"found": "z", "rows": 2}
    base = open_base(str(bert))
    tokens = Tokenization(load_tokenizer(base, needs_template=False))
    rows = TASK.rows(tokens, held, 32, TASK.labels(train))
    batch = TASK.collate([row.item for row in rows], 0)
    assert batch["labels"].tolist() == [IGNORED, 0, IGNORED]
    measured = TASK.loss(open_with_head(base, ("x", "y"), 0, torch.float32), batch, None)
    assert measured.count == 1 and torch.isfinite(measured.total)
    assert measured.judged is not None and measured.judged[:, 0].tolist() == [IGNORED, 0, IGNORED]


def test_a_long_text_keeps_the_tokens_around_it_when_it_is_cut(bert: Path):
    tokenizer = load_tokenizer(open_base(str(bert)), needs_template=False)
    (row,) = TASK.rows(Tokenization(tokenizer), [labelled("good and bad " * 40, "x")], 16, ("x",))
    assert len(row.input_ids) == 16 and row.is_cut
    assert (row.input_ids[0], row.input_ids[-1]) == (tokenizer.cls_token_id, tokenizer.sep_token_id)


def test_what_stands_before_the_label_is_read_without_a_template(tiny: Path):
    tokens = Tokenization(load_tokenizer(open_base(str(tiny))))
    rows = TASK.rows(tokens, [labelled("Where is it?", "x")], 64, ("x",))
    assert tokens.tokenizer.decode(rows[0].input_ids) == "Where is it?"
    segments = TASK.preview(tokens, rows, ("x",)).segments
    assert [(segment.text, segment.learned) for segment in segments] == [("Where is it?\n", False), ("x", True)]


def test_pads_change_no_label(tiny: Path):
    base = open_base(str(tiny))
    tokens = Tokenization(load_tokenizer(base))
    model = open_with_head(base, ("x", "y"), tokens.tokenizer.pad_token_id, torch.float32)
    rows = TASK.rows(tokens, [labelled("short", "x"), labelled("a text that is much longer", "y")], 64, ("x", "y"))
    alone, together = ([row.item] for row in rows[:1]), [row.item for row in rows]
    with torch.no_grad():
        (one,) = (TASK.collate(part, tokens.tokenizer.pad_token_id) for part in alone)
        both = TASK.collate(together, tokens.tokenizer.pad_token_id)
        found = [model(input_ids=b["input_ids"], attention_mask=b["attention_mask"]).logits[0] for b in (one, both)]
    torch.testing.assert_close(found[0], found[1])


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("BertConfig", ("classifier", "bert.pooler")),
        ("RobertaConfig", ("classifier",)),
        ("DistilBertConfig", ("pre_classifier", "classifier")),
        ("ElectraConfig", ("classifier",)),
        ("DebertaV2Config", ("pooler", "classifier")),
        ("LlamaConfig", ("score",)),
    ],
)
def test_all_that_may_begin_with_random_numbers_is_named(config: str, expected: tuple[str, ...]):
    import transformers

    made = getattr(transformers, config)(num_labels=3)
    with torch.device("meta"):
        model = transformers.AutoModelForSequenceClassification.from_config(made)
    assert head_names(model) == expected


@pytest.mark.parametrize("family", ["Roberta", "DistilBert", "Electra"])
def test_encoders_of_other_families_read_as_much_as_is_said_of_them(family: str, bert: Path, tmp_path: Path):
    import shutil

    import transformers

    folder = tmp_path / family
    shutil.copytree(bert, folder, ignore=shutil.ignore_patterns("model.safetensors", "config.json"))
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    if family == "DistilBert":
        shape = {"dim": 32, "hidden_dim": 64, "n_layers": 2, "n_heads": 4}
    config = getattr(transformers, f"{family}Config")(
        **shape, vocab_size=200, max_position_embeddings=40, pad_token_id=0
    )
    getattr(transformers, f"{family}ForMaskedLM")(config).save_pretrained(folder)
    base = open_base(str(folder))
    assert not base.writes and base.hidden_size == 32
    model = open_with_head(base, ("x", "y", "z"), 0, torch.float32)
    ids = torch.full((1, base.context_tokens), 7)
    with torch.no_grad():
        assert model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits.shape == (1, 3)


def test_a_base_that_brings_a_head_for_other_labels_gets_a_new_one(bert: Path, tmp_path: Path):
    base = open_base(str(bert))
    open_with_head(base, ("a", "b", "c"), 0, torch.float32).save_pretrained(tmp_path)
    load_tokenizer(base, needs_template=False).save_pretrained(tmp_path)
    again = open_with_head(open_base(str(tmp_path)), ("x", "y"), 0, torch.float32)
    assert again.config.id2label == {0: "x", 1: "y"}
    assert again.classifier.out_features == 2
