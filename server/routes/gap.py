"""The prospect gap: what the month still asks for, by consultant and for the store, and what would be if."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import grades
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import Invalid, N_
from server.domain.showroom import figures, gap, hands
from server.domain.showroom.figures import Figures
from server.forms import Form
from server.visit import needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
MOST_CARS = 9999
T = TypeVar("T")


class Supposed(msgspec.Struct):
    """What if: what was typed, and both gaps that follow; a field that makes no sense is named in `wrong`."""

    fields: dict[str, str]
    wrong: set[str]
    simple: int | None = None
    weighted: gap.Weighted | None = None


@get("/prospects/gap", opt=needs(Right.SEE_PROSPECTS), sync_to_thread=True)
def show(request: Ask, session: Session, person: Person, page: Page, consultant: str = "") -> Html:
    """The figures; a form that is sent by GET supposes others."""
    return page("prospects/gap.html", **_told(session, person, request.query_params, consultant))


@post("/prospects/gap/targets", opt=needs(Right.HAND_OVER_PROSPECTS), status_code=200, sync_to_thread=True)
def aim(form: Form, session: Session, person: Person, page: Page) -> Html:
    """So many orders a month, for the store or for one consultant, from this month on."""
    known = {str(staff.id): staff for staff in hands.takers(session, person.store_id)}
    try:
        whose, cars = form.choice("whose", {*known, "store"}), form.whole("cars", most=MOST_CARS)
        form.check()
    except Invalid as wrong:
        return page.again("prospects/gap.html", wrong, form, **_told(session, person, {}, form.text("whose", most=40)))
    assert cars is not None  # checked just above
    month = now().astimezone(person.zone).date().replace(day=1)
    figures.set_target(session, known.get(whose), month, cars, by=person)
    return page.go("/prospects/gap", N_("The target stands from this month on."))


def _told(session: Session, person: Person, supposed: Mapping[str, Any], consultant: str) -> dict[str, Any]:
    """What the page shows: everybody's figures, those of one, and what follows from what is supposed."""
    at = now()
    if person.may(Right.SEE_ALL_PROSPECTS):
        store, everybody = figures.of_everybody(session, person, at)
    else:
        store, everybody = None, {person.id: figures.of_person(session, person, at)}
    chosen = next((id for id in everybody if str(id) == consultant), None if store else person.id)
    shown = everybody[chosen] if chosen else store
    assert shown is not None
    codes = [grade.code for grade in grades(session, person.store_id)]
    return {
        "store": store, "everybody": everybody, "called": titles(session, person.store_id), "chosen": chosen,
        "shown": shown, "month": at.astimezone(person.zone).date().replace(day=1), "codes": codes,
        "supposed": _suppose(supposed, shown, codes),
        "takers": hands.takers(session, person.store_id) if person.may(Right.HAND_OVER_PROSPECTS) else (),
    }  # fmt: skip


def _suppose(query: Mapping[str, Any], shown: Figures, codes: list[str]) -> Supposed:
    usual = _usual(shown, codes)
    typed = {name: str(query.get(name) or value)[:20] for name, value in usual.items()}
    found = Supposed(typed, set())
    counts = {name: _read(found, name, _count) for name in ("target", "on_hand", "days")}
    rates = {name: _rate(found, name, real, usual) for name, real in _rates(shown, codes).items()}
    stock = {code: _read(found, f"stock_{code}", _count) for code in codes}
    by_grade = {code: rates[f"rate_{code}"] for code in codes}
    if not found.wrong and rates["conversion"]:
        found.simple = gap.simple(counts["target"], rates["conversion"], counts["on_hand"])
    if not found.wrong and rates["new_rate"]:
        found.weighted = gap.weighted(counts["target"], stock, by_grade, rates["new_rate"], counts["days"])
    return found


def _usual(shown: Figures, codes: list[str]) -> dict[str, str]:
    """What really is, as it stands in the fields until somebody supposes something else."""
    return {
        "target": str(shown.to_go), "on_hand": str(shown.on_hand), "days": str(shown.working_days),
        **{f"stock_{code}": str(shown.stock.get(code, 0)) for code in codes},
        **{name: _percent(rate) for name, rate in _rates(shown, codes).items()},
    }  # fmt: skip


def _rates(shown: Figures, codes: list[str]) -> dict[str, Fraction]:
    return {
        "conversion": gap.rate(*shown.closed), "new_rate": gap.rate(*shown.leads),
        **{f"rate_{code}": shown.rates.get(code, Fraction(0)) for code in codes},
    }  # fmt: skip


def _rate(found: Supposed, name: str, real: Fraction, usual: dict[str, str]) -> Fraction:
    """What was typed; a rate that nobody touched is what it is, not what its field rounds it to."""
    return real if found.fields[name] == usual[name] else _read(found, name, gap.percent)


def _read(found: Supposed, name: str, reader: Callable[[str], T]) -> T:
    try:
        return reader(found.fields[name])
    except (ValueError, ZeroDivisionError):
        found.wrong.add(name)
        return reader("0")


def _count(typed: str) -> int:
    if not typed.isdecimal() or int(typed) > MOST_CARS * 100:
        raise ValueError(typed)
    return int(typed)


def _percent(rate: Fraction) -> str:
    return f"{float(rate * 100):.1f}".removesuffix(".0")


ALL = [show, aim]
