"""Reasons for a contact: each has a way and a script in both languages, whichever room owes it."""

import re

import pytest
from sqlalchemy.orm import Session

from server.domain.care import kinds
from server.domain.care.kinds import WAYS
from server.domain.care.making import NEXT_STEP
from server.domain.catalogue import value_of
from tests.cast import Cast

OWED_BY_OTHER_ROOMS = (
    "first_contact", "follow_up", "before_delivery", "reactivation", "missed_drive", "after_service", "declined_work",
    "appointment_day", "appointment_hour", "appointment_missed", "visit_booking", "visit_confirmation", "visit_answer",
    "visit_thanks", "visit_offer", "referral_consent", "referral_thanks", NEXT_STEP,
)  # fmt: skip


def test_whatever_is_owed_by_itself_has_its_own_script(session: Session, cast: Cast) -> None:
    care = [f"care_{rule['days']}" for rule in value_of(session, cast.store, "care_calls")]
    said = {code: kinds.of_code(session, cast.store, code).script for code in (*care, *OWED_BY_OTHER_ROOMS)}
    assert all(script["zh"] and script["en"] for script in said.values())
    assert len({script["zh"] for script in said.values()}) == len(said), "no two reasons share their words"


def test_scripts_greet_by_name_and_leave_no_gap_unfilled(session: Session, cast: Cast) -> None:
    for kind in kinds.of_store(session, cast.store):
        for words in kind.script.values():
            gaps = set(re.findall(r"{(\w+)}", words))
            assert "customer" in gaps, kind.code
            assert gaps <= {"customer", "me", "store", "car"}, kind.code
        assert kind.name["zh"] != kind.name["en"], kind.code


def test_every_way_has_a_reason_and_something_can_be_promised(session: Session, cast: Cast) -> None:
    of_store = kinds.of_store(session, cast.store)
    assert {kind.way for kind in of_store} == set(WAYS)
    assert {kind.way for kind in of_store if kind.by_hand} >= {"promise", "answer", "visit"}


def test_a_reason_that_nobody_set_is_a_fault_of_the_set_up(session: Session, cast: Cast) -> None:
    with pytest.raises(LookupError):
        kinds.of_code(session, cast.store, "whim")
