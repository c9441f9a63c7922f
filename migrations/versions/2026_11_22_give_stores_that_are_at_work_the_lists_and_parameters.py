"""Give stores that are at work the lists and parameters of the showroom."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations.columns import Document, Identity

revision: str = "give_stores_the_lists_of_the_sho"
down_revision: str | None = "hand_prospects_over_and_count_lo"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
LISTS: dict[str, list[tuple[str, str, str]]] = {
    "sub_source": [
        ("online.autohome", "汽车之家", "Autohome"),
        ("online.dongchedi", "懂车帝", "Dongchedi"),
        ("online.yiche", "易车", "Yiche"),
        ("online.maker", "厂家下发", "Sent by the maker"),
        ("online.live", "抖音直播", "Douyin live show"),
        ("online.wechat", "微信与企微", "WeChat"),
        ("event.show", "车展", "Motor show"),
        ("event.outing", "外拓", "Outside the store"),
        ("event.drive", "试驾会", "Test-drive day"),
        ("walk_in.passing", "路过", "Was passing"),
        ("walk_in.again", "再次到店", "Came back"),
        ("call_in.hotline", "门店热线", "The store's line"),
        ("referral.owner", "保客转介绍", "An owner"),
        ("referral.staff", "员工介绍", "A colleague"),
        ("replacement.more", "增购", "One more car"),
        ("replacement.instead", "换购", "Instead of the old one"),
        ("other.second", "二网", "Second-tier dealer"),
        ("other.fleet", "大客户", "Fleet"),
    ],
    "method": [
        ("phone", "电话", "Telephone"),
        ("visit", "到店", "In the showroom"),
        ("wechat", "微信", "WeChat"),
        ("sms", "短信", "Text message"),
        ("home", "上门", "At their place"),
        ("qq", "QQ", "QQ"),
    ],
    "give_back": [
        ("unreachable", "多次联系不上", "Cannot be reached"),
        ("no_time", "手上客户太多", "Too many of my own"),
        ("wrong_number", "空号或非本人", "Wrong number"),
        ("region", "区域外", "Lives too far away"),
        ("chemistry", "客户希望换人", "Wants somebody else"),
        ("other", "其他", "Other"),
    ],
}
PARAMETERS: list[tuple[str, str, str, Any]] = [
    (
        "grade_rules",
        "特定情形下的级别：新建、到期未购、退订、战败后再来",
        "Grades of the new, of those whose day passed, who cancelled, who came again",
        {"new": "N", "passed": "N", "cancelled": "H", "again": "C"},
    ),
    (
        "prospect_pool",
        "公海：每人最多持有、每日最多领取、逾期多少天退回",
        "Pool: most held, most taken a day, days overdue until given back",
        {"most_held": 120, "most_taken_a_day": 5, "overdue_days": 15},
    ),
    ("prospect_climb", "跟进逾期多少天后告知经理", "Days overdue until the manager is told", {"days": 2}),
    (
        "prospect_contacts",
        "下单后与战败后多少天联系",
        "Days until the next contact after an order and after a lost deal",
        {"ordered": 7, "lost": 90},
    ),
    (
        "lost_rules",
        "必须填写竞品的战败原因",
        "Reasons of a lost deal that ask for the competitor",
        {"competitor_for": ["competitor", "product", "price"]},
    ),
    (
        "gap_rules",
        "有望客户缺口：成交率取最近几个月、每月工作日",
        "Gap: months behind the rates, working days of a month",
        {"months": 3, "working_days": 26},
    ),
    ("sales_target", "门店每月订单目标（台）", "The store's target, orders a month", 40),
]


def upgrade() -> None:
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_table("list_entries", "list", "code", "position"), list(_entries(store)))
        op.bulk_insert(_table("parameters", "key", "value"), list(_parameters(store)))


def _entries(store: str) -> Any:
    for list_, entries in LISTS.items():
        for position, (code, zh, en) in enumerate(entries, 1):
            yield _row(store, zh, en) | {"list": list_, "code": code, "position": position}


def _parameters(store: str) -> Any:
    return (_row(store, zh, en) | {"key": key, "value": value} for key, zh, en, value in PARAMETERS)


def _row(store: str, zh: str, en: str) -> dict[str, Any]:
    name = {"zh": zh, "en": en}
    return {"id": str(uuid4()), "store_id": str(store), "version": 1, "name": name, "valid_from": FROM_THE_BEGINNING}


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds: dict[str, Any] = {"value": Document(), "position": sa.Integer()}
    own = (sa.column(column, kinds.get(column, sa.String())) for column in columns)
    common = (
        sa.column("id", Identity()), sa.column("store_id", Identity()), sa.column("version", sa.Integer()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
    return sa.table(name, *common, *own)
