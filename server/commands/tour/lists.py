"""Stops of the tour at the desk where lists are brought in: sent, matched, under way, looked at, kept."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from server.commands.trial.desk import Desk

Way = str | Callable[[Desk], None]
HEAD = "客户姓名,手机号,意向级别,意向车型,来源渠道,备注"
SOUND = (
    "吴晓峰,13855309001,H,瑞虎8 PRO,自然到店,等置换评估",
    "郑雅琴,13855309002,A,艾瑞泽8,自然到店,要蓝色，送女儿",
    "冯立新,13855309003,B,,自然到店,下月拿驾照",
    "周敏,13855301001,H,瑞虎8 PRO,自然到店,先生也要来看",
    "王建国,13800001101,B,瑞虎9,自然到店,给儿子看车",
)
"""Three that nobody knows, one who is a prospect already, one who is a customer."""
FAULTY = (
    "高远,1385530,H,瑞虎9,自然到店,",
    ",13855309005,A,,自然到店,没有留姓名",
    "韩雪,13855309006,Z,飞行汽车,天上来,",
)
ENOUGH = 9_000
"""Rows that are still being checked when the picture is taken."""


@dataclass(frozen=True)
class Lists:
    """Where the lists are that stand still: at their columns, looked at, brought in."""

    matching: str
    ready: str
    done: str


def bring_in(desk: Desk) -> Lists:
    """Three lists, each left at another step."""
    matching = _send(desk, "车展留资.csv", (*SOUND, *FAULTY))
    ready = _check(desk, "懂车帝线索.csv", (*SOUND, *FAULTY))
    done = _check(desk, "老客户名单.csv", (SOUND[2], SOUND[4], FAULTY[0]))
    desk.press("#go button.primary")
    desk.page.locator("#import .notice.good").wait_for()
    return Lists(matching, ready, done)


def ways(lists: Lists) -> dict[str, Way]:
    """The stops by the names of their pictures."""
    return {
        "imports": "/imports", "imports-wrong": _no_list, "import-columns": lists.matching,
        "import-columns-wrong": partial(_unmatched, lists.matching), "import-checking": _under_way,
        "import-stopped": _stop, "import-ready": lists.ready, "import-here-already": f"{lists.ready}?show=same",
        "import-new": f"{lists.ready}?show=new", "import-done": lists.done,
    }  # fmt: skip


def _send(desk: Desk, name: str, rows: Iterator[str] | tuple[str, ...]) -> str:
    content = "\n".join((HEAD, *rows)).encode()
    desk.go("/imports")
    desk.page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    desk.press("form[action='/imports'] button.primary")
    desk.page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))
    return desk.path


def _check(desk: Desk, name: str, rows: tuple[str, ...]) -> str:
    where = _send(desk, name, rows)
    desk.press(".dock button.primary")
    desk.page.locator("#go").wait_for()
    return where


def _no_list(desk: Desk) -> None:
    desk.go("/imports")
    desk.press("form[action='/imports'] button.primary")


def _unmatched(where: str, desk: Desk) -> None:
    """No column is the name any more."""
    desk.go(where)
    desk.page.select_option("#column-0", "")
    desk.press(".dock button.primary")


def _under_way(desk: Desk) -> None:
    rows = (f"张{number},139{number:08d},B,瑞虎9,自然到店," for number in range(ENOUGH))
    _send(desk, "集团名单.csv", rows)
    desk.press(".dock button.primary")
    desk.page.locator("#import progress").wait_for()


def _stop(desk: Desk) -> None:
    """A list under way is given up, however far it came."""
    _under_way(desk)
    desk.press("form[action$='/stop'] button, button[form='give-up']")
