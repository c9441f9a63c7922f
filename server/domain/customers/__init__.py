"""Customers, their cars, who is what to which car, and the one file of each."""

from server.domain.customers import cars, file, households, phones, relations, search, timeline
from server.domain.customers.cars import Car
from server.domain.customers.customers import Customer, visible_to
from server.domain.customers.duplicates import AlreadyHere, Likely, likely
from server.domain.customers.merge import merge
from server.domain.customers.registration import change, register, unmask
from server.domain.customers.relations import Relation
from server.domain.customers.search import find
from server.domain.customers.search_tokens import SearchToken
from server.domain.customers.vins import vin_warning

__all__ = [
    "AlreadyHere", "Car", "Customer", "Likely", "Relation", "SearchToken", "cars", "change", "file", "find",
    "households", "likely", "merge", "phones", "register", "relations", "search", "timeline", "unmask", "vin_warning",
    "visible_to",
]  # fmt: skip
