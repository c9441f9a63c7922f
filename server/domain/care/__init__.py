"""Owed contacts, care and visits at home."""

from server.domain.care.contacts import Contact
from server.domain.care.kinds import ContactKind
from server.domain.care.visit_goods import Gift, Packed, VisitGift
from server.domain.care.visit_plans import VisitPlan
from server.domain.care.visit_teams import TeamMember, Vehicle, VisitTeam
from server.domain.care.visits import HomeVisit, VisitMember

__all__ = [
    "Contact", "ContactKind", "Gift", "HomeVisit", "Packed", "TeamMember", "Vehicle", "VisitGift", "VisitMember",
    "VisitPlan", "VisitTeam",
]  # fmt: skip
