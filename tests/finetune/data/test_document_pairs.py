from __future__ import annotations

import json

import pytest

from swfactory.errors import ModelUnavailable
from swfactory.finetune.data.document_pairs import document_rows, grounded
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.tally import Tally
from swfactory.testing.chat import ScriptedChatModel

PASSAGE = (
    "The archive keeps logs for 90 days. Older files are moved to cold storage by the night job, which starts at 02:00 "
    "and needs the key of the vault. Nobody but the operator may read what is in cold storage, and every read is noted."
)
QUESTION = "How long does the archive keep logs?"
GOOD = {"question": QUESTION, "answer": "The archive keeps logs for 90 days.", "quote": "keeps logs for 90 days"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"quote": "Keeps  logs, for 90 days!"}, ""),
        ({"question": "How long are logs kept"}, "question that needs its passage"),
        ({"question": "What does this passage say about logs?"}, "question that needs its passage"),
        ({"quote": "logs are kept for 90 days"}, "quote that is not in the passage"),
        ({"quote": "..."}, "quote that is not in the passage"),
        ({"answer": "The archive keeps logs for 30 days."}, "answer with a number of its own"),
        ({"answer": "Quarterly snapshots replicate towards Frankfurt."}, "answer that the passage does not hold"),
        ({"answer": "It is."}, "answer that the passage does not hold"),
    ],
)
def test_what_the_passage_does_not_say_is_thrown_away(change, reason):
    said = {**GOOD, **change}
    assert grounded(said["question"], said["answer"], said["quote"], PASSAGE) == reason


def test_chinese_is_compared_by_its_characters():
    passage = "日志保留九十天，之后由夜间任务移到冷存储。"
    assert grounded("日志保留多久？", "日志保留九十天。", "日志保留九十天", passage) == ""
    assert (
        grounded("日志保留多久？", "日志保留九十天。", "日志保留三十天", passage) == "quote that is not in the passage"
    )


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "logs.md").write_text(f"# Logs\n\n{PASSAGE}\n\n# Short\n\nNothing here.\n", "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "more.md").write_text(f"# More\n\n{PASSAGE.replace('logs', 'notes')}\n", "utf-8")
    return SourceRecipe(type="documents", path=str(folder), makers=("document_questions",), license="CC0-1.0")


def test_a_model_asks_and_the_documents_answer(documents):
    model = ScriptedChatModel([f"Sure: {json.dumps(GOOD)}", "no JSON at all"])
    tally = Tally()
    (row,) = document_rows(documents, model, tally, seed=5)
    assert [turn.content for turn in row.messages] == [GOOD["question"], GOOD["answer"]]
    assert (row.origin.path, row.origin.license) == ("handbook/logs.md", "CC0-1.0")
    assert row.origin.group == "document:handbook/handbook/logs.md"
    assert tally.dropped == {
        "document that cannot be read": 1,
        "passage too short or too long": 1,
        "question that cannot be read": 1,
    }
    assert [request.sampling.seed for request in model.requests] == [5, 5]
    assert model.requests[0].sampling.json_schema is not None


def test_a_model_that_is_gone_ends_the_build(documents):
    with pytest.raises(ModelUnavailable):
        list(document_rows(documents, ScriptedChatModel([ModelUnavailable("gone")]), Tally()))
