"""Two devices answered one item: the page says both, in both languages, and one tap settles it."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from server.database import now
from server.domain.checklists import Question
from server.domain.checklists.runs import Run
from server.domain.delivery import Delivery, Inspection
from tests.routes.browsing import Forms
from tests.routes.sending import Sending
from tests.routes.world import World

WORDS = {
    "zh": ("两台设备填写的结果不同", "当前结果", "另有结果", "当前结果正确", "不合格", "合格"),
    "en": ("Two answers from two devices", "Current answer", "Also said", "Keep this answer", "At fault", "Good"),
}
HOUR = 3600


@pytest.fixture(params=[False, True], ids=["plain", "safety"])
def asked(item: Any, request: pytest.FixtureRequest, world: World) -> tuple[Run, Question]:
    """An item that is asked with ✓ ! ✕, in a list begun a day ago."""
    run, question = item(
        "C05", lambda one: one.kind == "rag" and one.safety == request.param and not (one.counts or one.photo_needed)
    )
    with world.database.work(world.cast.store) as session:
        session.get_one(Run, run.id).started_at = now() - timedelta(days=1)
    return run, question


def shown(answer: Any, question: Question) -> str:
    """The item as a person reads it."""
    found = re.search(rf'<section class="item[^"]*" id="item-{question.id}".*?</section>', answer.text, re.DOTALL)
    assert found, answer.text[:400]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def test_both_are_shown_and_one_tap_settles_it(world: World, outbox: Sending, asked: tuple[Run, Question]) -> None:
    run, question = asked
    place = f"/runs/{run.id}/items/{question.id}/answer"
    first, second = outbox("zhou"), outbox("wu")
    assert first.send(place, ago=2 * HOUR, answer="fault", note="左前有异响").status_code == 200
    for language, (title, stands, also, settle, bad, good) in WORDS.items():
        said = {"Outbox-Language": language}
        text = shown(second.send(place, ago=HOUR, answer="ok", htmx=True, headers=said), question)
        assert title in text
        for_now, beside = (bad, good) if question.safety else (good, bad)
        assert re.search(f"{stands}[:：] ?{for_now}", text), text
        assert re.search(f"{also}[:：] ?{beside}", text), text
        assert "左前有异响" in text, "no remark is hidden"
        assert settle in text
        assert world.cast.zhou.title[language] in text
        assert world.cast.wu.title[language] in text
    _settle(world, run, question)
    for language, words in WORDS.items():
        text = shown(outbox("zhou").send(place, answer="ok", htmx=True, base=_last(world, question),
                                         headers={"Outbox-Language": language}), question)  # fmt: skip
        assert words[0] not in text


def _page(world: World, question: Question) -> str:
    """Its section, as the technician has it on the phone."""
    inspection = world.one(Inspection, Inspection.state == "checking")
    number = world.one(Delivery, Delivery.id == inspection.delivery_id).number
    return world.visitor("zhou").get(f"/deliveries/{number}/pdi", section=str(question.section_id)).text


def _fields(world: World, question: Question) -> dict[str, str]:
    """The answer form of the item as it stands on the page."""
    forms = Forms(_page(world, question)).found
    return next(fields for place, fields in forms if place.endswith(f"/items/{question.id}/answer"))


def _last(world: World, question: Question) -> str:
    return _fields(world, question)["base"]


def _settle(world: World, run: Run, question: Question) -> None:
    """Press "What stands is right": the form as it is, without a change."""
    before = _fields(world, question)
    assert f'form="answer-{question.id}"' in _page(world, question)
    place = f"/runs/{run.id}/items/{question.id}/answer"
    verdict = "fault" if question.safety else "ok"
    assert before["answer"] == verdict, "what stands is what is ticked"
    own = {name: value for name, value in before.items() if not name.startswith("_")}
    assert world.visitor("zhou").post(place, **own).status_code == 303
    assert f'form="answer-{question.id}"' not in _page(world, question), "settled"
