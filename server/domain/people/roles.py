"""Roles and what each may do. A route names the right it needs; a role is a set of rights."""

from enum import StrEnum

from server.database import Words


class Right(StrEnum):
    """One thing that somebody may do."""

    SEE_CUSTOMERS = "see_customers"
    KEEP_CUSTOMERS = "keep_customers"
    MERGE_CUSTOMERS = "merge_customers"
    UNMASK = "unmask"
    SEE_DELIVERIES = "see_deliveries"
    PLAN_DELIVERIES = "plan_deliveries"
    HAND_OVER = "hand_over"
    INSPECT = "inspect"
    CORRECT_PAPERS = "correct_papers"
    MAKE_CONTACTS = "make_contacts"
    OVERRIDE_QUIET = "override_quiet"
    KEEP_STAFF = "keep_staff"
    PLAN_VISITS = "plan_visits"
    GO_ON_VISITS = "go_on_visits"
    SEE_PROSPECTS = "see_prospects"
    KEEP_PROSPECTS = "keep_prospects"
    SEE_ALL_PROSPECTS = "see_all_prospects"
    HAND_OVER_PROSPECTS = "hand_over_prospects"
    BOOK_DRIVES = "book_drives"
    SELL = "sell"
    APPROVE = "approve"
    TAKE_MONEY = "take_money"
    SEE_FIGURES = "see_figures"
    BRING_IN = "bring_in"
    KEEP_CATALOGUE = "keep_catalogue"
    SEE_WORKSHOP = "see_workshop"
    BOOK_SERVICE = "book_service"
    OVERBOOK = "overbook"
    WRITE_ORDERS = "write_orders"
    DISPATCH = "dispatch"
    WORK = "work"
    INSPECT_WORK = "inspect_work"
    FINAL_INSPECT = "final_inspect"
    KEEP_PARTS = "keep_parts"
    SETTLE = "settle"
    DIAGNOSE = "diagnose"
    KEEP_CREW = "keep_crew"
    SEE_WORKSHOP_FIGURES = "see_workshop_figures"
    ADMINISTER = "administer"


class Role(StrEnum):
    """Who somebody is in the store."""

    CONSULTANT = "consultant"
    ADVISOR = "advisor"
    TECHNICIAN = "technician"
    LEADER = "leader"
    INSPECTOR = "inspector"
    PARTS = "parts"
    CARE = "care"
    MANAGER = "manager"
    ADMIN = "admin"


ROLE_NAMES: dict[Role, Words] = {
    Role.CONSULTANT: {"zh": "销售顾问", "en": "Sales consultant"},
    Role.ADVISOR: {"zh": "服务顾问", "en": "Service advisor"},
    Role.TECHNICIAN: {"zh": "维修技师", "en": "Technician"},
    Role.LEADER: {"zh": "班组长", "en": "Team leader"},
    Role.INSPECTOR: {"zh": "质检员", "en": "Quality inspector"},
    Role.PARTS: {"zh": "配件员", "en": "Parts keeper"},
    Role.CARE: {"zh": "客服专员", "en": "Customer-care specialist"},
    Role.MANAGER: {"zh": "经理", "en": "Manager"},
    Role.ADMIN: {"zh": "系统管理员", "en": "Administrator"},
}

_SEES = {Right.SEE_CUSTOMERS, Right.SEE_DELIVERIES}
_DESK = _SEES | {Right.KEEP_CUSTOMERS, Right.UNMASK, Right.MAKE_CONTACTS, Right.GO_ON_VISITS}
_SALES = {
    Right.SEE_PROSPECTS, Right.KEEP_PROSPECTS, Right.BOOK_DRIVES, Right.SELL, Right.TAKE_MONEY, Right.SEE_FIGURES,
}  # fmt: skip
_SERVICE = {Right.SEE_WORKSHOP, Right.BOOK_SERVICE}
_ADVISES = _SERVICE | {Right.WRITE_ORDERS, Right.DISPATCH, Right.SETTLE, Right.TAKE_MONEY, Right.DIAGNOSE}
_REPAIRS = {
    Right.SEE_DELIVERIES, Right.INSPECT, Right.SEE_WORKSHOP, Right.WORK, Right.DIAGNOSE, Right.GO_ON_VISITS,
}  # fmt: skip
_CARES = {
    Right.MERGE_CUSTOMERS, Right.SEE_PROSPECTS, Right.SEE_ALL_PROSPECTS, Right.OVERRIDE_QUIET, Right.PLAN_VISITS,
}  # fmt: skip
_LEADS = {Right.DISPATCH, Right.INSPECT_WORK, Right.OVERBOOK, Right.SEE_WORKSHOP_FIGURES}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CONSULTANT: frozenset(_DESK | _SALES | {Right.PLAN_DELIVERIES, Right.HAND_OVER}),
    Role.ADVISOR: frozenset(_DESK | _ADVISES),
    Role.TECHNICIAN: frozenset(_REPAIRS),
    Role.LEADER: frozenset(_REPAIRS | _LEADS),
    Role.INSPECTOR: frozenset({Right.SEE_DELIVERIES, Right.SEE_WORKSHOP, Right.FINAL_INSPECT}),
    Role.PARTS: frozenset({Right.SEE_DELIVERIES, Right.SEE_WORKSHOP, Right.KEEP_PARTS, Right.BRING_IN}),
    Role.CARE: frozenset(_DESK | _SERVICE | _CARES),
    Role.MANAGER: frozenset(set(Right) - {Right.ADMINISTER, Right.INSPECT, Right.WORK}),
    Role.ADMIN: frozenset({Right.ADMINISTER, Right.KEEP_CATALOGUE, *_SEES}),
}


def rights_of(roles: list[str]) -> frozenset[Right]:
    """Everything that somebody with these roles may do."""
    return frozenset(right for role in roles for right in RIGHTS.get(Role(role), frozenset()))
