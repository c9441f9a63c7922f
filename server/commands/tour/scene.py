"""The demonstration dealership in the middle of its work: a PDI begun, a handover half done, a paper corrected."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from server.commands.demonstration.week import LATELY, READY, TODAY, TOMORROW
from server.commands.tour.lists import Lists, bring_in
from server.commands.trial import checklist
from server.commands.trial.desk import Desk, number_in
from server.commands.trial.proof import codes_on

REASON = "复核时发现左前轮毂有轻微划痕，已与客户确认。"


@dataclass
class Scene:
    """Where the pages of the tour are."""

    browser: Browser
    address: str
    locked: str = ""
    failed: str = ""
    handing_over: str = ""
    done: str = ""
    customer: str = ""
    car: str = ""
    contact: str = ""
    reception: str = ""
    lists: Lists = field(default_factory=lambda: Lists("", "", ""))
    pdi_sections: tuple[str, ...] = ()
    handover_sections: tuple[str, ...] = ()
    replaced: str = ""
    """What the QR code says on a paper that was corrected since."""
    genuine: str = ""
    confirmation: bytes = b""


def set_up(browser: Browser, address: str) -> Scene:
    """Do what the seed leaves undone."""
    scene = Scene(browser, address)
    lin, zhou, gao = (Desk(browser, address).sign_in(name) for name in ("lin", "zhou", "gao"))
    _find(scene, lin)
    _begin_an_inspection(scene, zhou)
    _begin_a_handover(scene, lin)
    _receive(scene, lin)
    _correct(scene, gao)
    scene.lists = bring_in(gao)
    for desk in (lin, zhou, gao):
        desk.close()
    return scene


def _find(scene: Scene, desk: Desk) -> None:
    for place, name in (("locked", TODAY), ("failed", TOMORROW), ("handing_over", READY)):
        desk.go("/deliveries")
        desk.press(desk.page.locator("a.whole", has_text=name))
        setattr(scene, place, f"/deliveries/{number_in(desk)}")
    desk.go("/deliveries?show=done")
    desk.press(desk.page.locator("a.whole", has_text=LATELY))
    scene.done = f"/deliveries/{number_in(desk)}"
    desk.press(".facts a[href^='/customers/']")
    scene.customer = desk.path
    desk.press("#cars a.whole")
    scene.car = desk.path
    desk.go("/contacts")
    desk.press(desk.page.locator("main a.whole[href^='/contacts/']").first)
    scene.contact = desk.path


def _receive(scene: Scene, desk: Desk) -> None:
    desk.go("/receptions")
    desk.page.click("main button.great")
    desk.page.wait_for_url(re.compile(r"/receptions/[0-9a-f-]{36}$"))
    scene.reception = desk.path


def _begin_an_inspection(scene: Scene, desk: Desk) -> None:
    desk.go(scene.locked)
    desk.press("main button.primary")
    checklist.fill_in(desk, "PDI 1")
    scene.pdi_sections = _sections(desk)


def _begin_a_handover(scene: Scene, desk: Desk) -> None:
    desk.go(scene.handing_over)
    desk.press("main button.primary")
    scene.handover_sections = _sections(desk)
    for number, section in enumerate(scene.handover_sections[:2]):
        desk.go(section)
        checklist.fill_in(desk, f"{number + 1}")
        if desk.page.locator("#sign-section").count():
            desk.sign("section")


def _sections(desk: Desk) -> tuple[str, ...]:
    links = desk.page.locator("#progress .steps a").all()
    return tuple(link.get_attribute("href") or "" for link in links)


def _correct(scene: Scene, desk: Desk) -> None:
    """The confirmation gets a second revision, so that the first one is replaced."""
    number = scene.done.rpartition("/")[2]
    scene.replaced = _proof(desk, f"/papers/{number}.pdf?revision=1")
    desk.go(f"{scene.done}/correction?paper={number}")
    desk.page.select_option("#code", index=2)
    desk.page.select_option("#verdict", "watch")
    desk.page.fill("#note", "左前轮毂轻微划痕 3 cm")
    desk.page.fill("#reason", REASON)
    desk.press(".dock button.primary")
    scene.genuine = _proof(desk, f"/papers/{number}.pdf?revision=2")
    scene.confirmation = desk.fetch(f"/papers/{number}.pdf?revision=1")


def _proof(desk: Desk, paper: str) -> str:
    """Where the QR code of a paper leads, without the host."""
    found = next(code for code in codes_on(desk, desk.fetch(paper)) if "/papers/" in code)
    return re.sub(r"^https?://[^/]+", "", found)
