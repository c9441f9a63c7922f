"""Who may buy a car: prospects, how they are followed up, what became of them."""

from server.domain.showroom.follow_ups import FollowUp
from server.domain.showroom.grading import GradeChange
from server.domain.showroom.prospects import Prospect
from server.domain.showroom.ratings import StepRating
from server.domain.showroom.reach import visible_to
from server.domain.showroom.receptions import Reception
from server.domain.showroom.registration import LookedAfter, register, standing
from server.domain.showroom.test_drives import TestDrive

__all__ = [
    "FollowUp", "GradeChange", "LookedAfter", "Prospect", "Reception", "StepRating", "TestDrive", "register",
    "standing", "visible_to",
]  # fmt: skip
