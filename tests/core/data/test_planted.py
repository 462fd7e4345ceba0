"""Faults planted among clean conversations: each check finds its own and little else, and every fix can be undone."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from core.data.cleaners import CLEANERS
from core.data.steps import DataSteps, Upload
from core.data.store import Dataset
from core.workspace import Workspace
from tests.helpers.planted import Planted, clean_pairs

NUM_CLEAN = 300
PERSONAL = (
    "Write to maria.keller@kellerhof.de for the rest.",
    "The owner reads j.o.brien+shop@gmail.com every morning.",
    "Her number is +49 170 1234567 until noon.",
    "打电话给王先生，号码是13812345678。",
    "It was paid with card 4556 7375 8689 9855 in May.",
    "Please charge 5425233430109903 as before.",
    "Send it to DE89 3704 0044 0532 0130 00 by Friday.",
    "Our account is GB82WEST12345698765432 in London.",
    "The order came from 84.112.37.201 at night.",
    "The camera answers at 2a02:810d:8a40:3d4c:1cf:22ff:fe91:7a10 only.",
    "身份证号是11010519491231002X，请核对。",
    "The visitor showed 440308199901101512 at the door.",
)
MOJIBAKE = (
    ("Is the cafÃ© in the shop open on holidays?", "Yes, the cafÃ© opens at nine and serves crÃ¨me brÃ»lÃ©e."),
    ("Do you ship to MÃ¼nchen and KÃ¶ln?", "We ship to MÃ¼nchen and KÃ¶ln within two days."),
    ("Whatâ€™s the price of the blue door mat?", "Itâ€™s nine euros â€“ the label says so."),
    ("Can I change the colour after ordering?", "Yes, but donâ€™t wait longer than a day."),
    ("Do you sell jalapeÃ±o seeds for the balcony?", "We sell jalapeÃ±o seeds from March to June."),
    ("What does a parcel to Ghent cost?", "The parcel costs 4,90 â‚¬ and takes three days."),
    ("ä½ å¥½ï¼Œè¯·é—®ä»€ä¹ˆæ—¶å€™å‘è´§ï¼Ÿ", "ä½ å¥½ï¼Œæˆ‘ä»¬æ˜Žå¤©å‘è´§ã€‚"),
    ("Who wrote the booklet about Tromsø?", "The booklet is by SÃ¸ren Ã…kesson from Tromsø."),
)
HTML = (
    ("How do I reset the alarm clock?", "<p>Hold both buttons for five seconds.</p><p>Then set the time.</p>"),
    ("When is the shop in Graz open?", "From nine to six.<br><br>On Saturday from ten."),
    ("Is lunch included with the cooking class?", "Yes, soup&nbsp;and bread are included &amp; coffee too."),
    ("Where do I find the size chart for boots?", 'It stands <a href="https://shop.example/sizes">on this page</a>.'),
    ("What is <b>not</b> covered by the guarantee?", "<ul><li>Scratches</li><li>Lost keys</li></ul>"),
    ("May dogs come into the shop?", '<span style="color:red">Dogs</span> are welcome on a leash.'),
)
TRUNCATED = (
    ("Why is my tent still damp inside?", "A tent stays damp when the ground below it is wet, because the"),
    ("How do I sharpen the bread knife?", "Lay the stone on a damp cloth, hold the knife at a flat angle, and"),
    ("What belongs in the first aid box?", "It should hold plasters, a pair of scissors, two bandages (one wide,"),
    ("怎样给自行车轮胎补气？", "先拧下气门帽，把打气筒的嘴对准气门芯插紧，然后一边打气一边"),
)
CONTRADICTIONS = (
    ("How many days do I have to send back a lamp?", "You have 30 days for it.", "You have 14 days for it."),
    ("Do you deliver to islands?", "Yes, we deliver to all islands.", "No, we do not deliver to islands."),
    ("Is the violin sold with a bow?", "The bow is included in the price.", "No, it costs 20 euros more."),
    ("When does the sale end?", "The sale ends on Sunday at six.", "It goes on until Wednesday evening."),
    ("可以货到付款吗？", "可以，支持货到付款。", "不可以，我们不支持货到付款。"),
)


@dataclass(frozen=True)
class Studied:
    """The planted set as a dataset: what was planted at which row, and the rows of the leaks."""

    steps: DataSteps
    dataset: Dataset
    planted: Planted
    leaks: frozenset[int]

    def found(self, check: str) -> set[int]:
        """The rows a check means."""
        cleaned = self.steps.datasets.cleaned(self.dataset)
        return {int(row) for row in cleaned.found_rows(check)}


def plant() -> Planted:
    """All faults in one set; every fault has a conversation of its own."""
    pairs = list(clean_pairs(NUM_CLEAN + len(PERSONAL)))
    planted = Planted()
    for question, answer in pairs[:NUM_CLEAN]:
        planted.add(question, answer)
    for number, text in enumerate(PERSONAL):
        question, answer = pairs[NUM_CLEAN + number]
        planted.add(question, f"{answer} {text}", "personal_data")
    for faults, check in ((MOJIBAKE, "encoding"), (HTML, "html"), (TRUNCATED, "truncated")):
        for question, answer in faults:
            planted.add(question, answer, check)
    for question, first, second in CONTRADICTIONS:
        planted.add(question, first, "contradictions")
        planted.add(question, second, "contradictions")
    for question, answer in pairs[:20]:
        planted.add(question, answer, "duplicates")
    for question, answer in pairs[30:35]:
        planted.add(question.replace("?", " please?"), answer, "near_duplicates")
    for question, answer in pairs[35:40]:
        planted.add(question.upper(), answer.replace(".", "!", 1), "near_duplicates")
    return planted


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Studied:
    """The planted set, imported with a validation file of which three are in the training part."""
    folder = tmp_path_factory.mktemp("planted")
    planted, held_back = plant(), Planted()
    for question, answer in clean_pairs(20, seed=7):
        held_back.add(question, answer)
    for question, answer in list(clean_pairs(NUM_CLEAN))[50:53]:
        held_back.add(question, answer)
    files = [planted.write(folder / "train.jsonl"), held_back.write(folder / "held_back.jsonl")]
    steps = DataSteps(Workspace(folder / "workspace"))
    dataset = steps.import_files(Upload(files, validation=["held_back.jsonl"]))
    first = len(planted.rows) + 20
    return Studied(steps, dataset, planted, frozenset(range(first, first + 3)))


@pytest.mark.parametrize(
    "check", ["encoding", "html", "personal_data", "truncated", "duplicates", "near_duplicates", "contradictions"]
)
def test_a_check_finds_what_was_planted_and_next_to_nothing_else(studied: Studied, check: str) -> None:
    """Recall at least 95 %, precision at least 90 %."""
    planted, found = studied.planted.faults[check], studied.found(check)
    if check == "contradictions":  # either of the two answers will do, and both as well
        pairs = [{row, row + 1} for row in sorted(planted)[::2]]
        recall = sum(bool(pair & found) for pair in pairs) / len(pairs)
    else:
        recall = len(planted & found) / len(planted)
    assert recall >= 0.95, f"missed {sorted(planted - found)}"
    assert len(planted & found) / len(found) >= 0.9, f"also meant {sorted(found - planted)}"


def test_leaks_are_found_on_the_side_that_checks(studied: Studied) -> None:
    """The held-out copies, not those that are learned."""
    assert studied.found("leakage") == studied.leaks


def test_every_check_is_silent_on_a_clean_set(tmp_path: Path) -> None:
    """Nothing is wrong with them."""
    clean = Planted()
    for question, answer in clean_pairs(400, seed=3):
        clean.add(question, answer)
    steps = DataSteps(Workspace(tmp_path / "workspace"))
    dataset = steps.import_files(Upload([clean.write(tmp_path / "clean.jsonl")]))
    assert {finding.check: finding.count for finding in steps.report(dataset.id).findings if finding.count} == {}


@pytest.mark.parametrize("check", CLEANERS.names())
def test_undo_gives_back_every_row_byte_by_byte(studied: Studied, check: str) -> None:
    """Off, on in every way the check can, and undone: the examples are what they were."""
    steps, id = studied.steps, studied.dataset.id
    steps.wait_for(steps.set_actions(id, dict.fromkeys(CLEANERS.names(), "keep")).id)
    before = [example.key for example in steps.examples(id)]
    read = steps.datasets.folder(steps.dataset(id)).examples.read_bytes()
    for action in CLEANERS.get(check).actions:
        if action == "keep":
            continue
        assert steps.wait_for(steps.set_actions(id, {check: action}).id).state == "done"
        assert steps.wait_for(steps.undo(id).id).state == "done"
        assert [example.key for example in steps.examples(id)] == before
        assert steps.datasets.folder(steps.dataset(id)).examples.read_bytes() == read
    steps.wait_for(steps.undo(id).id)
    assert steps.dataset(id).settings == studied.dataset.settings
