"""Handing a new car over: the plan, the PDI, the handover, its papers."""

from server.domain.delivery.deliveries import Delivery
from server.domain.delivery.handover import Walk
from server.domain.delivery.pdi import Inspection

__all__ = ["Delivery", "Inspection", "Walk"]
