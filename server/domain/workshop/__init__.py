"""The workshop: from a booked slot to a car returned on time."""

from server.domain.workshop.clockings import Clocking
from server.domain.workshop.comebacks import Comeback, ComebackState
from server.domain.workshop.diagnoses import Diagnosis
from server.domain.workshop.findings import FindingState, WorkFinding
from server.domain.workshop.order_lines import (
    JobState,
    OrderJob,
    OrderPart,
    PartState,
    move_job,
    move_part,
)
from server.domain.workshop.promises import PromiseChange
from server.domain.workshop.repair_orders import MOVES, OPEN, RepairOrder, State, move
from server.domain.workshop.settlements import Settlement, SettlementState
from server.domain.workshop.stock_moves import StockMove

__all__ = [
    "MOVES", "OPEN", "Clocking", "Comeback", "ComebackState", "Diagnosis", "FindingState", "JobState", "OrderJob",
    "OrderPart", "PartState", "PromiseChange", "RepairOrder", "Settlement", "SettlementState", "State", "StockMove",
    "WorkFinding", "move", "move_job", "move_part",
]  # fmt: skip
