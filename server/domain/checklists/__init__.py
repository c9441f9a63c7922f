"""Checklists: versions as data, runs, answers, evidence."""

from server.domain.checklists.progress import Progress
from server.domain.checklists.runs import Ink, Run, Tap
from server.domain.checklists.sheets import Part, Question, Sheet

__all__ = ["Ink", "Part", "Progress", "Question", "Run", "Sheet", "Tap"]
