"""Somebody at a device: signing in, reading, changing the language, drawing a signature."""

import json
import re
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlparse

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Response

from server.commands.demonstration.stores import PASSWORD, PIN
from server.commands.trial.chromium import TABLET, Device

PATIENCE = 15_000
"""Milliseconds."""
SETTLED = "() => !document.querySelector('.mark.wait, .htmx-request, [aria-busy=true]')"


def until(page: Page, script: str, word: Any = None) -> None:
    """Until a script finds that it is so; unlike the page's own waiting it also waits for a promise."""
    for _ in range(PATIENCE // 50):
        try:
            if page.evaluate(script, word):
                return
        except Error as fault:
            if "context was destroyed" not in fault.message:  # the page renewed itself meanwhile
                raise
        page.wait_for_timeout(50)
    raise TimeoutError(f"{page.url}: {script[:200]}")


class Desk:
    """A browser context of one person; `faults` is what went wrong on the pages they saw."""

    def __init__(
        self, browser: Browser, address: str, device: Device = TABLET, *, language: str = "zh", theme: str = "",
        script: bool = True,
    ) -> None:  # fmt: skip
        look: Literal["dark", "light"] = "dark" if theme == "dark" else "light"
        self.context = browser.new_context(
            viewport={"width": device.width, "height": device.height}, is_mobile=device.mobile, has_touch=True,
            base_url=address, locale="zh-CN", color_scheme=look, java_script_enabled=script, reduced_motion="reduce",
        )  # fmt: skip
        chosen = {"huanche_language": language, "huanche_theme": theme}
        self.context.add_cookies([{"name": n, "value": v, "url": address} for n, v in chosen.items() if v])
        self.device, self.address = device, address
        self.faults: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._heard)
        self.page.on("pageerror", self._broke)
        self.page.on("response", self._answered)

    def close(self) -> None:
        """Put the device away."""
        self.context.close()

    @property
    def path(self) -> str:
        """Where one is."""
        return urlparse(self.page.url).path

    @property
    def language(self) -> str:
        """The language of the page."""
        return "zh" if (self.page.locator("html").get_attribute("lang") or "").startswith("zh") else "en"

    def go(self, path: str) -> None:
        """Open a page; one that renews itself just then takes the way away, and a person would ask again."""
        try:
            self.page.goto(path)
        except Error as fault:
            if "ERR_ABORTED" not in fault.message:
                raise
            self.page.goto(path)

    def sign_in(self, name: str, password: str = PASSWORD) -> "Desk":
        """Through the door."""
        self.go("/sign-in")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", password)
        self.press("main form.card button.primary")
        self.page.wait_for_url(lambda url: urlparse(url).path == "/")
        return self

    def take_over(self, name: str) -> None:
        """The tablet changes hands by PIN."""
        self.go(f"/switch?name={name}")
        self.page.fill("#pin", PIN)
        self.press("form.card button.primary")

    def press(self, what: str | Locator) -> None:
        """Press what leads to another page, and wait for it."""
        place = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation():
            place.click()
        self.page.wait_for_load_state()

    def press_send(self) -> None:
        """Send now, on the page of the queue; what is under way by itself leaves nothing to press."""
        self.page.evaluate("() => document.querySelector('[data-send]').click()")

    def speak(self, language: str) -> None:
        """Change the language by the page's own form."""
        if self.language != language:
            self.press("form.lang button")
            self.page.wait_for_selector(f"html[lang^={language}]", state="attached")

    def settle(self) -> None:
        """Until every tap is answered."""
        self.page.wait_for_function(SETTLED)

    def until(self, script: str, word: Any = None) -> None:
        """Until a script finds that it is so."""
        until(self.page, script, word)

    def draw(self, form: Locator) -> None:
        """A signature on the canvas of a form."""
        canvas = form.locator("canvas[data-width]")  # the pad has measured it: it is ready
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        left, middle, mouse = box["x"] + 40, box["y"] + box["height"] / 2, self.page.mouse
        for start in (left, left + 90):
            mouse.move(start, middle)
            mouse.down()
            for dot in range(14):
                mouse.move(start + dot * 6, middle + (18 if dot % 3 else -22))
            mouse.up()

    def sign(self, key: str, typed: str | None = None) -> None:
        """Sign in the place `key`: by hand, or by typing the name."""
        form = self.page.locator(f"#sign-{key}")
        if typed is None:
            self.draw(form)
        else:
            form.locator("summary").click()
            form.locator("[name=typed_name]").fill(typed)
        self.press(form.locator("button.primary"))

    def fetch(self, path: str) -> bytes:
        """A file, with this person's cookies."""
        answer = self.context.request.get(path)
        if not answer.ok:
            self.faults.append(f"{answer.status} {path}")
        return answer.body()

    def run(self, script: str, word: Any = None) -> Any:
        """What a script finds on the page."""
        return self.page.evaluate(script, word)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.faults.append(f"{self.path}: {said.text}")

    def _broke(self, fault: Error) -> None:
        self.faults.append(f"{self.path}: {fault}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self.faults.append(f"{answer.status} {answer.request.method} {urlparse(answer.url).path}")


def number_in(desk: Desk) -> str:
    """The number of the delivery whose page is open."""
    found = re.search(r"JC-\d{8}-\d{4}", desk.page.url)
    if found is None:
        raise RuntimeError(f"{desk.page.url} 不是交车单页面 / is not the page of a delivery")
    return found.group()


Prepare = Callable[[], None]


def quoted(text: str) -> str:
    """A text as a selector takes it."""
    return json.dumps(text, ensure_ascii=False)
