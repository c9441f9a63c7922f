"""In which order the cars are worked on: Johnson's rule, promises, and a solver where skills differ."""

from server.domain.workshop.scheduling.day import Day, Hand, Place, Plan, Slot, Task
from server.domain.workshop.scheduling.proposals import Proposal, propose

__all__ = ["Day", "Hand", "Place", "Plan", "Proposal", "Slot", "Task", "propose"]
