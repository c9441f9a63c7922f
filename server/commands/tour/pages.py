"""The stops of the tour: every page family, seen by those whose page it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from server.commands.demonstration.week import READY
from server.commands.tour import asking, at_home, expecting, lists, looking_after, returning, sales, workshop
from server.commands.tour.scene import Scene
from server.commands.trial.desk import Desk

NOBODY = ""


@dataclass(frozen=True)
class Stop:
    """A page, who looks at it and how it is reached."""

    name: str
    who: str
    open: Callable[[Desk], None]


def stops(scene: Scene) -> list[Stop]:
    """All of them, with those of one person together."""
    return [
        Stop(f"{place:03d}-{name}", who, way if callable(way) else partial(_go, way))
        for place, (who, name, way) in enumerate(_all(scene), 1)
    ]


Way = str | Callable[[Desk], None]


def _all(scene: Scene) -> Iterator[tuple[str, str, Way]]:
    yield from ((NOBODY, name, way) for name, way in _of_the_street(scene).items())
    of_the_consultant = _of_the_consultant(scene) | at_home.OF_THE_CONSULTANT | looking_after.OF_THE_CONSULTANT
    yield from (("lin", name, way) for name, way in of_the_consultant.items())
    of_the_technician = _of_the_technician(scene) | workshop.OF_THE_TECHNICIAN | at_home.OF_THE_TECHNICIAN
    yield from (("zhou", name, way) for name, way in of_the_technician.items())
    yield from (("wu", name, way) for name, way in workshop.OF_THE_LEADER.items())
    of_the_advisor = expecting.OF_THE_ADVISOR | asking.OF_THE_ADVISOR | looking_after.OF_THE_ADVISOR
    yield from (("chen", name, way) for name, way in of_the_advisor.items())
    yield from (("chen", name, way) for name, way in returning.OF_THE_ADVISOR.items())
    yield from (("pei", name, way) for name, way in returning.OF_THE_PARTS_KEEPER.items())
    yield from (("gao", name, way) for name, way in returning.OF_THE_MANAGER.items())
    yield from (("qin", name, way) for name, way in asking.OF_THE_INSPECTOR.items())
    yield from (("he", name, way) for name, way in at_home.OF_THE_CARE.items())
    yield from ((who, f"today-{who}", "/") for who in ("chen", "wu", "he", "admin"))
    of_the_manager = _of_the_manager(scene) | looking_after.OF_THE_MANAGER
    yield from (("gao", name, way) for name, way in of_the_manager.items())
    yield from (("admin", name, way) for name, way in _of_the_administrator().items())


def _of_the_street(scene: Scene) -> dict[str, Way]:
    number = scene.genuine.partition("?")[0]
    return {
        "sign-in": "/sign-in", "sign-in-wrong": _wrong_password, "proof-genuine": scene.genuine,
        "proof-replaced": scene.replaced, "proof-false": f"{number}?store=WH01&code=0000", "proof-number": number,
    }  # fmt: skip


def _of_the_consultant(scene: Scene) -> dict[str, Way]:
    return {
        "today-lin": "/", "switch": "/switch", "switch-pin": "/switch?name=chen", "me": "/me",
        "install": "/install", "offline": "/offline", "outbox": "/outbox", "aboard": "/aboard",
        "customers": "/customers", "customers-found": "/customers?q=wjg", "customers-nobody": "/customers?q=zzzz",
        "customer-new": "/customers/new", "customer-known": _known_already, "customer": scene.customer,
        "customer-edit": f"{scene.customer}/edit", "household": f"{scene.customer}/household",
        "car-new": f"{scene.customer}/cars/new", "car": scene.car, "car-edit": f"{scene.car}/edit",
        "deliveries": "/deliveries", "deliveries-done": "/deliveries?show=done", "delivery-new": "/deliveries/new",
        "delivery-new-wrong": _empty_plan, "delivery-scan": _scan, "delivery-locked": scene.locked,
        "delivery-handing-over": scene.handing_over, "delivery-done": scene.done,
        "schedule": f"{scene.handing_over}/schedule",
    } | {f"handover-{place}": section for place, section in enumerate(scene.handover_sections, 1)} | {
        "prospects": "/prospects", "prospects-pool": "/prospects?show=pool", "prospect-new": "/prospects/new",
        "prospect-new-wrong": _empty_prospect, "prospect": sales.a_prospect,
        "follow-up": partial(sales.of_prospect, "follow-ups/new"),
        "prospect-wish": partial(sales.of_prospect, "wish"), "loss": partial(sales.of_prospect, "loss"),
        "ratings": partial(sales.of_prospect, "ratings"),
        "reception": scene.reception, "reception-known": partial(sales.recognised, scene.reception),
        "reception-list": f"{scene.reception}/checklist", **sales.OF_THE_CONSULTANT,
        "contacts": "/contacts", "contacts-later": "/contacts?show=later", "contacts-done": "/contacts?show=done",
        "contact": scene.contact, "error-not-there": "/nowhere/at/all", "error-not-allowed": f"{scene.customer}/merger",
    }  # fmt: skip


def _of_the_technician(scene: Scene) -> dict[str, Way]:
    ways: dict[str, Way] = {"today-zhou": "/", "pdi": "/pdi", "pdi-delivery": scene.locked}
    ways |= {f"pdi-{place}": section for place, section in enumerate(scene.pdi_sections, 1)}
    ways["pdi-failed"] = f"{scene.failed}/pdi"
    ways["pdi-rework"] = partial(_last_section, f"{scene.failed}/pdi")
    return ways


def _of_the_manager(scene: Scene) -> dict[str, Way]:
    number = scene.done.rpartition("/")[2]
    return {
        "today-gao": "/", "gap": "/prospects/gap", "hand-over": "/prospects/hand-over", "lost-deals": "/lost-deals",
        "funnel": "/insight/funnel?days=90", "funnel-names": "/insight/people?days=90&step=drive&stopped=1",
        "excitement": "/insight/excitement?days=90",
        "lost-deal": partial(sales.first, "/lost-deals>#waiting a.whole"),
        "lost-deal-decided": partial(sales.first, "/lost-deals?days=365>#deals a.whole"),
        **sales.OF_THE_MANAGER, **lists.ways(scene.lists), "correction": f"{scene.done}/correction?paper={number}",
        "merger": f"{scene.customer}/merger",
    }  # fmt: skip


def _of_the_administrator() -> dict[str, Way]:
    ways: dict[str, Way] = {"devices": "/devices", "device": _a_device, "device-lock-out": _lock_out}
    return ways | {"admin": "/admin/", "admin-table": _a_table, "admin-row": _a_row, "admin-form": _a_form}


def _go(path: str, desk: Desk) -> None:
    desk.go(path)


def _wrong_password(desk: Desk) -> None:
    desk.go("/sign-in")
    desk.page.fill("[name=name]", "lin")
    desk.page.fill("[name=password]", "no")
    desk.press("form.card button.primary")


def _known_already(desk: Desk) -> None:
    desk.go("/customers/new")
    desk.page.fill("#name", READY)
    desk.page.locator("#name").blur()
    desk.page.wait_for_selector("#likely .notice")


def _empty_plan(desk: Desk) -> None:
    desk.go("/deliveries/new")
    desk.run("() => { document.querySelector('form.form').noValidate = true; }")
    desk.page.fill("#vin", "LVV")
    desk.press("form.form .dock button.primary")


def _empty_prospect(desk: Desk) -> None:
    desk.go("/prospects/new")
    desk.press("form.form .dock button.primary")


def _scan(desk: Desk) -> None:
    desk.go("/deliveries/new")
    desk.page.click("[data-scan]")
    desk.page.locator("#scan video:not([hidden])").wait_for()


def _last_section(path: str, desk: Desk) -> None:
    desk.go(path)
    desk.press(desk.page.locator("#progress .steps a").last)


def _a_device(desk: Desk) -> None:
    desk.go("/devices")
    desk.press(desk.page.locator(".row a.whole").first)


def _lock_out(desk: Desk) -> None:
    _a_device(desk)
    desk.press("a[href$='/revocation']")


def _a_table(desk: Desk) -> None:
    desk.go("/admin/")
    first = desk.page.locator(".table_list a[href^='#/']").first
    first.wait_for(state="attached")
    desk.go(f"/admin/{first.get_attribute('href')}")
    desk.page.locator("tbody td a").first.wait_for()


def _a_row(desk: Desk) -> None:
    _a_table(desk)
    desk.page.locator("tbody td a").first.click()
    desk.page.locator(".wrapper form, form").first.wait_for()


def _a_form(desk: Desk) -> None:
    desk.go("/admin/#/forms/pin/")
    desk.page.locator("form button").first.wait_for()
