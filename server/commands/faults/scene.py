"""A house, the network before it, devices, and what was done on them."""

import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Playwright
from sqlalchemy import select

from server.commands.faults import stage, truth
from server.commands.faults.device import Device
from server.commands.faults.houses import House
from server.commands.faults.proxy import Proxy
from server.commands.faults.stage import Job
from server.commands.faults.truth import Account, Deed
from server.database import now
from server.domain.people import Staff

VERDICTS = ("ok", "watch", "fault", "watch")


@dataclass
class Scene:
    """One trial; `done` is what the person saw acknowledged, run by run."""

    house: House
    proxy: Proxy
    playwright: Playwright
    folder: Path
    people: dict[str, str]
    struck: int = 0
    """How often the fault really happened."""
    began: datetime = field(default_factory=now)
    words: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])
    others: list[Callable[[], Account]] = field(default_factory=list[Callable[[], Account]])
    """What else was done than walking lists, counted by who knows how."""
    done: dict[Job, list[Deed]] = field(default_factory=dict[Job, list[Deed]])
    devices: list[Device] = field(default_factory=list[Device])
    _open: ExitStack = field(default_factory=ExitStack)

    def inspection(self) -> Job:
        """A PDI of Zhou's under way."""
        return self._mine(stage.inspection(self.house))

    def handing_over(self) -> Job:
        """A handover of Lin's under way."""
        return self._mine(stage.handing_over(self.house))

    def device(self, who: str = "", *, shift: int = 0, profile: Path | None = None) -> Device:
        """A browser on the network, somebody signed in."""
        place = profile or Path(tempfile.mkdtemp(dir=self.folder))
        device = Device(self.playwright, self.proxy.address, place, shift=shift)
        self._open.callback(device.close)
        self.devices.append(device)
        return device.sign_in(who) if who else device

    def visit(self, device: Device, job: Job) -> None:
        """Open every section while there is a network, as taking along does, and end in the first."""
        for section, _ in [*job.sections, job.sections[0]]:
            device.go(job.address(section))

    def tap(self, device: Device, job: Job, times: int, who: str, verdicts: Sequence[str] = VERDICTS) -> None:
        """So many answers, section after section, each item's verdict another one than before."""
        share = -(-times // len(job.sections))
        for section, items in job.sections:
            now = min(share, times)
            if not now:
                return
            device.go(job.address(section))
            self.keep(job, device.tap(rounds(items, now, verdicts), self.people[who]))
            times -= now

    def keep(self, job: Job, deeds: Sequence[Deed | None]) -> None:
        """Remember what was acknowledged."""
        self.done[job] += [deed for deed in deeds if deed is not None]

    def expect(self, so: bool, otherwise: str) -> None:
        """What has to be so besides: a fault of the suite's run where it is not."""
        if not so:
            self.wrong.append(otherwise)

    def id_of(self, who: str) -> UUID:
        """Somebody by the name they sign in with."""
        return UUID(self.people[who])

    def kept(self, job: Job) -> list[Deed]:
        """What the house has of a job."""
        return truth.kept(self.house, job.run)

    def account(self) -> Account:
        """The truth of all jobs of this scene."""
        whole = Account()
        for job, deeds in self.done.items():
            whole.add(truth.count(self.house, job.run, deeds))
        for count in self.others:
            whole.add(count())
        return whole

    def _mine(self, job: Job) -> Job:
        self.done[job] = []
        return job

    def end(self) -> None:
        """Put the devices away."""
        self.words += [word for device in self.devices for word in device.unseen]
        self._open.close()


Trial = Callable[[Scene], None]


class Skipped(Exception):
    """What this machine cannot try, and why."""


def rounds(items: Sequence[str], times: int, verdicts: Sequence[str] = VERDICTS) -> list[tuple[str, str]]:
    """Item by item, and from the first again with the next verdict."""
    each = [(item, verdict) for verdict in islice(cycle(verdicts), -(-times // len(items))) for item in items]
    return each[:times]


@contextmanager
def set_up(house: House, playwright: Playwright) -> Generator[Scene]:
    """A fresh network and no device yet."""
    with (
        tempfile.TemporaryDirectory(prefix="huanche-device-", ignore_cleanup_errors=True) as folder,
        Proxy(house.port) as proxy,
    ):
        with house.database.work() as session:
            people = {staff.name: str(staff.id) for staff in session.scalars(select(Staff))}
        scene = Scene(house, proxy, playwright, Path(folder), people)
        try:
            yield scene
        finally:
            scene.end()
