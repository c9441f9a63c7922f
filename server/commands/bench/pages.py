"""Finding, listing, reading and saving, against the floor and against ten times as many rows; and one tap."""

import re
from functools import partial
from itertools import count

from server.commands.bench.houses import LIVELY, Houses, somebody
from server.commands.bench.measure import in_turn
from server.commands.bench.wire import Wire

LEAST = 1_500
"""Bytes below which it is not the page."""
TAP = re.compile(r'action="(/runs/[^"]+/answer)"')
KNOWN = 17


def measure(houses: Houses) -> None:
    """Everything that people wait for while they work."""
    floor, house, large = Wire(houses.floor), Wire(houses.house, "lin"), Wire(houses.large, "lin")
    one = somebody(KNOWN)
    found, newest, file = f"/customers?q={one.phone}", "/customers", f"/customers/{one.id}"
    _against_the_floor(houses, floor, house, {"find by phone": found, "list page, 20": newest, "record page": file})
    in_turn(
        "find by pinyin, 20 (floor: by the beginning of a name)", partial(floor.get, "/customers?name=王", LEAST),
        partial(house.get, "/customers?q=wangwei", LEAST), rows=houses.rows,
    )  # fmt: skip
    _save_and_tap(houses, floor, house)
    searches = {
        "phone": one.phone,
        "last digits": one.phone[-4:],
        "name": one.name,
        "pinyin": "wangwei",
        "initials": "wjf",
    }
    lists = {"own": "", "pool": "?show=pool", "one grade": "?grade=B", "found": f"?q={one.phone}"}
    prospects = {f"prospects, {name}": f"/prospects{query}" for name, query in lists.items()}
    paths = {f"find by {by}": f"/customers?q={q}" for by, q in searches.items()}
    for name, path in (paths | prospects | {"list page, 20": newest, "record page": file, "today": "/"}).items():
        small, many = partial(house.get, path, LEAST), partial(large.get, path, LEAST)
        in_turn(f"{name}: 10 times the rows", small, many, rows=houses.more, rounds=25, times=3)


def _against_the_floor(houses: Houses, floor: Wire, house: Wire, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        in_turn(name, partial(floor.get, path, LEAST), partial(house.get, path, LEAST), rows=houses.rows)


def _save_and_tap(houses: Houses, floor: Wire, house: Wire) -> None:
    one, versions, notes = somebody(LIVELY + 1), count(1), count()

    def save(wire: Wire, **also: str) -> None:
        wire.post(f"/customers/{one.id}/edit", name=one.name, phone=one.phone, note=f"{next(notes)}", **also)

    def ours() -> None:
        save(house, version=str(next(versions)), kind="person", address="芜湖市镜湖区", language="", personal_number="")

    in_turn("save", partial(save, floor), ours, rows=houses.rows)
    technician = Wire(houses.house, "zhou")
    action = _an_item(technician)
    verdicts = count()

    def tap() -> None:
        technician.tap(action, answer=("ok", "watch")[next(verdicts) % 2], number="", note="")

    # No more taps than an inspection has: every one of them is read again at the next.
    in_turn("checklist tap (floor: save)", ours, tap, rows=houses.rows, rounds=25, times=1)


def _an_item(technician: Wire) -> str:
    """An item of a PDI that was begun for this."""
    for number in dict.fromkeys(re.findall(r"/deliveries/(JC-[\d-]+)", technician.get("/pdi").decode())):
        page = technician.get(f"/deliveries/{number}").decode()
        if f'action="/deliveries/{number}/pdi"' in page:
            section = technician.follow(technician.post(f"/deliveries/{number}/pdi"))
            return TAP.findall(section.decode())[1]
    raise LookupError("no PDI to begin")
