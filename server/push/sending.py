"""The round that sends what is owed: claimed in one transaction, sent between two, settled in the other."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from server.database import Database
from server.domain.people import Store, pushes
from server.domain.people.pushes import LASTS, Push
from server.push import wire, words

MOST = 20
GONE = {404, 410}
log = structlog.get_logger()


def send_due(database: Database, at: datetime) -> None:
    """Send everything that is due at this time."""
    while mine := _claim(database, at):
        answers = wire.post([letter for _, letter in mine])
        with database.work() as session:
            for (push, _), answer in zip(mine, answers, strict=True):
                _settle(session, push, answer, at)


def _claim(database: Database, at: datetime) -> list[tuple[Push, wire.Letter]]:
    """What is ours to send; in the database before a single byte leaves."""
    with database.work() as session:
        while pushes.any_due(session, at):
            mine = pushes.claim(session, at, MOST)
            if mine:
                return [(push, _letter(session, push, at)) for push in mine]
    return []


def _letter(session: Session, push: Push, at: datetime) -> wire.Letter:
    notice, place = push.notice, push.subscription
    zone = session.get_one(Store, push.store_id).zone
    return wire.Letter(
        place.endpoint, place.p256dh, place.auth_secret, words.letter(notice, place.language, zone),
        seconds=max(0, int((push.created_at + LASTS - at).total_seconds())), urgency=words.urgency(notice),
        topic=words.topic(notice),
    )  # fmt: skip


def _settle(session: Session, push: Push, answer: wire.Answer, at: datetime) -> None:
    if 200 <= answer.status < 300:
        pushes.sent(session, push)
        return
    log.warning("push", push=str(push.id), tries=push.tries, fault=answer.fault)
    if answer.status in GONE:
        pushes.gone(session, push)
    else:
        pushes.failed(session, push, at, answer.fault, wait=answer.wait)
