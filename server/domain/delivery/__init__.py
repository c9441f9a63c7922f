"""Handing a new car over: the plan, the PDI, the handover, its papers."""

from server.domain.delivery.deliveries import Delivery
from server.domain.delivery.handover import Missing, Walk
from server.domain.delivery.pdi import Inspection
from server.domain.delivery.reach import visible_to

__all__ = ["Delivery", "Inspection", "Missing", "Walk", "visible_to"]
