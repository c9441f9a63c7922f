"""The agreement of a test drive, frozen when they drive off: who, which car, which route, and what both signed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.domain.catalogue import named
from server.domain.checklists import Run, frozen, runs
from server.domain.people import ROLE_NAMES, Person, Role, Store
from server.domain.records import Paper, papers
from server.domain.showroom.agreement import CLAUSES
from server.domain.showroom.test_drives import DRIVE, TestDrive

AGREEMENT = "test_drive_agreement"
ABOUT_THE_DRIVER = "driver"
"""The section whose photos show the licence: they are deleted long before the paper."""


def issue_agreement(session: Session, drive: TestDrive, *, by: Person) -> Paper:
    """Freeze it under the number of the drive."""
    run = session.get_one(Run, drive.before_id)
    progress = runs.progress(session, run)
    store = session.get_one(Store, drive.store_id)
    content: dict[str, Any] = {
        "timezone": store.timezone,
        "store": {
            "name": store.name, "address": store.address, "phone": store.phone, "credit_code": store.credit_code,
        },
        "customer": {"name": drive.customer.name, "phone": drive.customer.phone or ""},
        "agent": None,
        "car": {
            "vin": drive.car.vin, "model": drive.car.model.name, "colour": None, "plate": drive.car.plate,
            "engine_no": None, "odometer_km": drive.km_out, "keys": None,
        },
        "people": [{"role": ROLE_NAMES[Role.CONSULTANT], "name": drive.consultant.title["zh"]}],
        "facts": _facts(session, drive, store),
        "drives": drive.kind == DRIVE,
        "statements": list(CLAUSES[drive.kind]), "verdict": None,
        "lists": [frozen.of_list(session, run, progress, unpictured=ABOUT_THE_DRIVER)],
        "signatures": frozen.signatures(session, run, None),
    }  # fmt: skip
    return papers.issue(session, AGREEMENT, drive.number, drive, content, by=by, customer_id=drive.customer_id)


def of_drive(session: Session, drive: TestDrive) -> Sequence[Paper]:
    """Every revision, newest first."""
    return papers.of_subject(session, drive.store_id, drive.id)


def _facts(session: Session, drive: TestDrive, store: Store) -> list[dict[str, Any]]:
    route = named(session, drive.store_id, "drive_route", drive.route) or drive.route
    begins, ends = (at.astimezone(store.zone) for at in (drive.starts_at, drive.ends_at))
    facts = [
        ("方式", "Kind", drive.kind_name), ("路线", "Route", route),
        ("时间", "Time", f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}"),
        ("出发油量/电量", "Fuel or charge at start", "" if drive.energy_out is None else f"{drive.energy_out} %"),
    ]  # fmt: skip
    if drive.kind == DRIVE:
        facts.append(("准驾车型", "Licence class", drive.licence_class))
        facts.append(("驾驶证号", "Licence number", drive.masked_licence))
    return [{"label": {"zh": zh, "en": en}, "value": value} for zh, en, value in facts if value]
