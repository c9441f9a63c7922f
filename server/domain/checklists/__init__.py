"""Checklists: versions as data, runs, answers, evidence."""

from server.domain.checklists.ink import MOST_INK, Ink, read_ink
from server.domain.checklists.progress import Progress
from server.domain.checklists.runs import Reading, Run
from server.domain.checklists.sheets import Part, Question, Sheet
from server.domain.checklists.taps import Tap

__all__ = ["MOST_INK", "Ink", "Part", "Progress", "Question", "Reading", "Run", "Sheet", "Tap", "read_ink"]
