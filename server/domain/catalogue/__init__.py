"""What an administrator keeps as data: car models, lists, grades, parameters."""

from server.domain.catalogue.car_models import CarModel
from server.domain.catalogue.demo_cars import DemoCar
from server.domain.catalogue.grades import Grade, grades
from server.domain.catalogue.lists import ListEntry, entries, listed, named, words_of
from server.domain.catalogue.parameters import Parameter, value_of
from server.domain.catalogue.validity import Dated, today

__all__ = [
    "CarModel", "Dated", "DemoCar", "Grade", "ListEntry", "Parameter", "entries", "grades", "listed", "named",
    "today", "value_of", "words_of",
]  # fmt: skip
