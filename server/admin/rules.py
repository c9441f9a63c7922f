"""What an administrator may see and change: plain lists by hand, everything else by its verbs."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, LargeBinary, Table

from server.domain.catalogue.car_models import BODIES, ENERGIES
from server.domain.catalogue.jobs import GUARANTEES, SKILLS
from server.domain.catalogue.jobs import KINDS as JOB_KINDS
from server.domain.catalogue.lists import LISTS
from server.domain.catalogue.parts import CLASSES
from server.domain.catalogue.price_list import KINDS as PRICE_KINDS
from server.domain.checklists.templates import KINDS
from server.domain.refusals import N_


@dataclass(frozen=True)
class ByHand:
    """What may be done by hand to the rows of a table; `fixed` columns are only written when a row is added."""

    add: bool = False
    remove: bool = False
    fixed: frozenset[str] = frozenset()


def _fixed(*columns: str, add: bool = False, remove: bool = False) -> ByHand:
    return ByHand(add, remove, frozenset(columns))


# A grade, a reason or a parameter ends by its date, others by `active`: rows elsewhere keep their codes.
EDITABLE: Mapping[str, ByHand] = {
    "bays": _fixed("code", add=True),
    "car_models": ByHand(add=True),
    "canned_notes": ByHand(add=True, remove=True),
    "checklist_items": _fixed("template_id", add=True, remove=True),
    "checklist_sections": _fixed("template_id", add=True, remove=True),
    "checklist_templates": _fixed("code", "version", "state", "published_at"),
    "competitor_cards": ByHand(add=True),
    "contact_kinds": _fixed("code", add=True),
    "demo_cars": _fixed("plate", "warned_on", add=True),
    "grades": _fixed("code", add=True),
    "jobs": _fixed("code", add=True),
    "list_entries": _fixed("list", "code", add=True),
    "parameters": _fixed("key", add=True),
    "parts": _fixed("code", add=True),
    "price_list": _fixed("code", "kind", "model_id", add=True),
    "staff": ByHand(),
    "stock_cars": _fixed("vin", "model_id", add=True),
    "stores": _fixed("code"),
}
"""Tables that are not named here are read-only, those of new rooms too."""

NOT_SHOWN = frozenset({"sign_in_attempts", "alembic_version", "push_subscriptions", "pushes"})
"""Who knows the address of a subscription can send there; a push is a notice on its way, and notices are shown."""
HIDDEN: Mapping[str, frozenset[str]] = {
    "appointments": frozenset({"said"}),
    "checklist_signatures": frozenset({"ink"}),
    "contacts": frozenset({"about", "note"}),
    "contact_tries": frozenset({"note"}),
    "customers": frozenset({"phone", "phone_last4", "address", "note"}),
    "home_visits": frozenset({"address", "longitude", "latitude", "note"}),
    "visit_presences": frozenset(
        f"{way}_{what}" for way in ("in", "out") for what in ("longitude", "latitude", "accuracy")
    ),
    "referrals": frozenset({"name", "relation", "wish"}),
    "visit_talks": frozenset({"words"}),
    "extra_works": frozenset({"ink", "said_by", "said_on", "call_words"}),
    "papers": frozenset({"content"}),
    "needs": frozenset({"answers"}),
    "repair_orders": frozenset({"driver_name", "driver_phone", "words"}),
    "settlements": frozenset({"content"}),
    "walk_arounds": frozenset({"valuables"}),
    "receptions": frozenset({"story"}),
    "receipts": frozenset({"headers"}),
}
"""What is masked elsewhere stays masked here: an administrator has no right to unmask."""
SECRET_ENDINGS = ("_hash", "_sealed", "_index", "_secret", "_token", "_cipher")
PERSONAL = frozenset({"phone", "phone_last4", "identity_number", "licence_number"})
OWN_PEOPLE = frozenset({"staff", "stores"})

_WAYS = {
    "call": N_("Call"), "visit": N_("Visit"), "reminder": N_("Reminder"), "promise": N_("Promise"),
    "survey": N_("Survey"), "answer": N_("Answer"),
}  # fmt: skip
_SAME = {kind: kind for kind in KINDS}
CHOICES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("list_entries", "list"): LISTS,
    ("contact_kinds", "way"): _WAYS,
    ("car_models", "energy"): ENERGIES,
    ("price_list", "kind"): PRICE_KINDS,
    ("car_models", "body"): BODIES,
    ("jobs", "kind"): JOB_KINDS,
    ("jobs", "skill"): SKILLS,
    ("jobs", "guarantee"): GUARANTEES,
    ("parts", "part_class"): CLASSES,
    ("staff", "language"): {"zh": "中文", "en": "English"},
    ("checklist_items", "kind"): _SAME,
    ("checklist_items", "applies"): {
        "any": N_("Any car"), "ice": N_("Cars with an engine"), "nev": N_("Cars with a plug"),
    },
}  # fmt: skip
HELP: Mapping[tuple[str, str], str] = {
    ("jobs", "hours"): N_("Hundredths of a labour hour: 150 is an hour and a half."),
    ("jobs", "model_id"): N_("Empty: for every model."),
    ("jobs", "parts"): N_('What it usually needs, in hundredths of the unit: [{"code": "OIL-5W30", "quantity": 400}]'),
    ("parts", "price"): N_("In fen for one unit, tax included: 9800 is ¥98.00."),
    ("parts", "reorder_at"): N_("In hundredths of the unit."),
    ("parts", "on_hand"): N_("Stock is received, issued and counted at the parts desk."),
    ("parts", "reserved"): N_("Stock is received, issued and counted at the parts desk."),
    ("parts", "instead_of"): N_("The code of the original part that it stands in for, or empty."),
    ("parts", "for_models"): N_("A list of identities of car models; empty for all."),
    ("bays", "skills"): N_('What can be done there: ["mechanic", "electric", "body", "paint", "wash"]'),
}
"""What has to be known to type a column: its unit, its shape."""


def shown(table: Table) -> bool:
    """Whether the table is in the admin: it belongs to a store, and its rows can be pointed at."""
    scoped = table.name == "stores" or "store_id" in table.columns
    return scoped and table.name not in NOT_SHOWN and len(table.primary_key.columns) == 1


def visible(column: Column[object]) -> bool:
    """Whether the column is in the admin: no secret, nothing personal that is masked elsewhere, no bytes."""
    table = column.table.name
    if column.primary_key:
        return True
    secret = column.name.endswith(SECRET_ENDINGS) or isinstance(column.type, LargeBinary)
    personal = column.name in PERSONAL and table not in OWN_PEOPLE
    return not (secret or personal or column.name == "store_id" or column.name in HIDDEN.get(table, ()))
