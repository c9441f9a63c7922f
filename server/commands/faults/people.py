"""Who is at the device: sessions that end, tickets that are taken back, tablets that change hands, signing out."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.sql.dml import Update

from server.commands.faults.device import Device
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene
from server.database import now
from server.domain.people.sign_in import SignIn
from server.domain.people.tickets import Ticket

WORK = "/runs/"


def expired(scene: Scene, taps: int = 20) -> None:
    """The session ends while the work waits: it is delivered all the same, and no page opens any more."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    scene.tap(phone, job, taps, "zhou")
    scene.struck = _end_sessions(scene, "zhou")
    scene.proxy.become(Mode.PASS)
    phone.drained()
    phone.go("/me")
    scene.expect("/sign-in" in phone.page.url, "the session had not ended")


def revoked(scene: Scene, taps: int = 20, others: int = 5) -> None:
    """Ticket and session are taken back: the work stays, unseen by the next one; its owner comes and it goes out."""
    job, his = scene.inspection(), scene.inspection()
    phone = scene.device("zhou")
    for one in (job, his):
        scene.visit(phone, one)
    scene.proxy.become(Mode.REFUSE)
    scene.tap(phone, job, taps, "zhou")
    scene.struck = _revoke(scene, "zhou")
    _end_sessions(scene, "zhou")
    scene.proxy.become(Mode.PASS)
    phone.nudge()
    phone.page.wait_for_timeout(1500)
    scene.expect(len(phone.waiting()) == taps, "without a ticket something went out")
    phone.sign_in("wu")
    _sees_nothing_of_others(scene, phone, taps)
    scene.tap(phone, his, others, "wu")
    phone.drained(left=taps)
    phone.sign_in("zhou")
    phone.drained()


def handed_over(scene: Scene, taps: int = 20, others: int = 5) -> None:
    """By PIN to a colleague while work waits: each one's goes out in their own name, the first one's unseen."""
    job, his = scene.inspection(), scene.inspection()
    phone = scene.device("zhou")
    for one in (job, his):
        scene.visit(phone, one)
    scene.proxy.become(Mode.RESET, only=lambda asked: asked.path.startswith(WORK))
    scene.tap(phone, job, taps, "zhou")
    phone.take_over("wu")
    _sees_nothing_of_others(scene, phone, taps)
    scene.tap(phone, his, others, "wu")
    scene.struck = scene.proxy.struck[Mode.RESET] and 1
    scene.proxy.become(Mode.PASS)
    phone.drained()


def signed_out(scene: Scene, taps: int = 10) -> None:
    """Signing out without a network: the pages are gone at once, the house hears of it first, the work goes out."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    phone.go("/me")
    scene.proxy.become(Mode.REFUSE)
    scene.tap(phone, job, taps, "zhou")
    phone.go("/me")
    phone.page.click("form[action='/sign-out'] button")
    phone.page.wait_for_url(lambda url: not url.endswith("/me"))
    phone.go(job.address(job.sections[0][0]))
    scene.expect(phone.page.locator(".item").count() == 0, "a page of somebody who signed out")
    scene.expect(len(phone.waiting()) == taps, "signing out took work away")
    scene.proxy.become(Mode.PASS)
    phone.go("/")
    scene.expect("/sign-in" in phone.page.url, "the house opened before it heard of the signing out")
    phone.drained()
    scene.struck = _ended(scene, "zhou")


def _sees_nothing_of_others(scene: Scene, device: Device, count: int) -> None:
    device.go("/outbox")
    device.page.wait_for_selector("p[data-others]:not([hidden])")
    told = device.page.locator("p[data-others]").inner_text()
    scene.expect(str(count) in told, f"of a colleague's work it says: {told}")
    scene.expect(device.page.locator("[data-op]").count() == 0, "a colleague's work is shown")


def _end_sessions(scene: Scene, who: str) -> int:
    return _change(scene, update(SignIn).where(SignIn.staff_id == scene.id_of(who)).values(
        expires_at=now() - timedelta(minutes=1)
    ))  # fmt: skip


def _revoke(scene: Scene, who: str) -> int:
    standing = update(Ticket).where(Ticket.staff_id == scene.id_of(who), Ticket.revoked_at.is_(None))
    return _change(scene, standing.values(revoked_at=now()))


def _ended(scene: Scene, who: str) -> int:
    """Sessions of this person that they closed themselves, in this trial."""
    left = update(SignIn).where(
        SignIn.staff_id == scene.id_of(who), SignIn.ended_at.is_not(None), SignIn.ended_at > scene.began
    )
    return _change(scene, left.values(by_pin=SignIn.by_pin))


def _change(scene: Scene, what: Update) -> int:
    """How many rows it was."""
    with scene.house.database.work() as session:
        return len(session.execute(what.returning(what.table.c.id)).all())
