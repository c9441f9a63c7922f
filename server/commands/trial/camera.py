"""Pictures of pages, every step in both languages."""

from pathlib import Path

from server.commands.trial.desk import Desk, Prepare

LANGUAGES = ("en", "zh")
"""The house's own language last, so that work goes on in it."""


class Camera:
    """Numbers its pictures in the order in which they are taken."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        self.folder = folder
        self.taken: list[Path] = []
        self._steps = 0

    def shoot(self, desk: Desk, step: str, prepare: Prepare | None = None) -> None:
        """A step in both languages. `prepare` fills in what the change of language forgets."""
        self._steps += 1
        for language in LANGUAGES:
            desk.speak(language)
            if prepare:
                prepare()
            place = self.folder / f"{self._steps:02d}-{step}-{desk.device.name}-{language}.png"
            picture(desk, place)
            self.taken.append(place)


def picture(desk: Desk, place: Path) -> None:
    """A whole page as if the screen were as long as it is: what sticks to the edges stays there."""
    page, device = desk.page, desk.device
    length: int = desk.run("() => document.documentElement.scrollHeight")
    if length > device.height:
        page.set_viewport_size({"width": device.width, "height": length})
    page.screenshot(path=place, animations="disabled")
    if length > device.height:
        page.set_viewport_size({"width": device.width, "height": device.height})
