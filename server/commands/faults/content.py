"""What is sent: one key many times at once, equal photos, more than fits, a queue that an older version wrote."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import func, select

from server.commands.bench.wire import Wire
from server.commands.faults import stage
from server.commands.faults.modes import Mode
from server.commands.faults.scene import VERDICTS, Scene, rounds
from server.commands.faults.stage import Job
from server.commands.faults.truth import ANSWER, Deed
from server.database import EVERY_STORE
from server.domain.checklists.runs import Photo

GOLDEN = Path(__file__).with_name("golden")
AT_ONCE = 40


def parallel(scene: Scene, sendings: int = 200, keys: int = 10) -> None:
    """Few keys, each many times at once: each is done once and answered always; another content under it is refused."""
    job = scene.inspection()
    wire = Wire(scene.proxy.address, "zhou")
    deeds = [(str(uuid4()), item, "watch") for item in job.items[:keys]]
    with ThreadPoolExecutor(AT_ONCE) as hands:
        said = list(hands.map(partial(_sent, wire, job), islice(cycle(deeds), sendings)))
    scene.expect(all(status == 200 for status, _ in said), f"answers {sorted({status for status, _ in said})}")
    scene.expect(len({body for _, body in said}) == keys, "one key was answered in two ways")
    replayed = scene.proxy.replayed
    scene.expect(replayed == sendings - keys, f"{replayed} replays")
    key, item, _ = deeds[0]
    scene.expect(_sent(wire, job, (key, item, "fault"))[0] == 422, "another content under the same key")
    scene.struck = replayed
    device = wire.cookies["huanche_device"]
    by = scene.people["zhou"]
    # At once has no order: each item was answered once.
    found = {deed.place: deed for deed in scene.kept(job)}
    in_order = sorted(deeds, key=lambda one: list(found).index(one[1]) if one[1] in found else -1)
    scene.keep(job, [Deed(ANSWER, item, verdict, by, device) for _, item, verdict in in_order])


def twins(scene: Scene) -> None:
    """The same photo twice at one item: two photos, one file."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    section, items = job.sections[0]
    phone.go(job.address(section))
    picture, by = stage.photo("twins"), scene.people["zhou"]
    scene.keep(job, [phone.take_photo(items[0], picture, by), phone.take_photo(items[0], picture, by)])
    scene.proxy.become(Mode.PASS)
    phone.drained()
    with scene.house.database.session(writing=False, store=EVERY_STORE) as session:
        files = session.scalar(select(func.count(Photo.file_id.distinct())).where(Photo.run_id == job.run))
    scene.expect(files == 1, f"{files} files")
    scene.struck = len(scene.done[job])


def golden(scene: Scene, version: int = 1) -> None:
    """A file that an older version saved is taken in without a network, survives a kill, and is delivered."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    phone.go("/outbox")
    scene.proxy.become(Mode.REFUSE)
    place, ops = _of_this_house(scene, job, version)
    for _ in range(2):  # taken in twice it counts once
        phone.page.set_input_files("[data-import]", place)
        phone.page.wait_for_selector("[data-word]:not([hidden])")
    scene.expect(len(phone.waiting()) == len(ops), f"{len(phone.waiting())} taken in")
    phone.kill()
    phone.open()
    scene.struck = len(ops)
    scene.proxy.become(Mode.PASS)
    phone.go("/outbox")
    phone.drained()
    by = scene.people["zhou"]
    scene.keep(job, [Deed(ANSWER, op["place"], op["verdict"], by, op["device"]) for op in ops])


def _sent(wire: Wire, job: Job, deed: tuple[str, str, str]) -> tuple[int, bytes]:
    key, item, verdict = deed
    line = HTTPConnection(wire.connection.host, wire.connection.port, timeout=60)
    headers = {
        "cookie": "; ".join(f"{name}={value}" for name, value in wire.cookies.items()), "hx-request": "true",
        "x-csrf-token": wire.token, "idempotency-key": key, "content-type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    try:
        line.request("POST", f"/runs/{job.run}/items/{item}/answer", urlencode({"answer": verdict}), headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def _of_this_house(scene: Scene, job: Job, version: int) -> tuple[Path, list[dict[str, Any]]]:
    """The golden file with the identities of this house in the places of those that it was saved with."""
    whole: dict[str, Any] = json.loads((GOLDEN / f"queue-{version}.json").read_text("utf-8"))
    written: list[dict[str, Any]] = whole["ops"]
    device, told = str(uuid4()), list[dict[str, Any]]()
    for op, (item, verdict) in zip(written, rounds(job.items, len(written), VERDICTS), strict=True):
        path = f"/runs/{job.run}/items/{item}/answer"
        body = base64.b64decode(op["bytes"]).decode().replace("{verdict}", verdict)
        op |= {
            "key": str(uuid4()), "person": scene.people["zhou"], "device": device, "item": path, "path": path,
            "lane": str(job.run), "page": job.page, "fields": [["answer", verdict]],
            "bytes": base64.b64encode(body.encode()).decode(),
        }  # fmt: skip
        told.append({"place": item, "verdict": verdict, "device": device})
    place = scene.folder / "queue.json"
    place.write_text(json.dumps(whole), "utf-8")
    return place, told
