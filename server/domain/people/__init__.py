"""Stores, staff, roles, sign-in, notices."""

from server.domain.people.roles import RIGHTS, ROLE_NAMES, Right, Role
from server.domain.people.staff import Person, Staff, as_person
from server.domain.people.stores import Store, of_store

__all__ = ["RIGHTS", "ROLE_NAMES", "Person", "Right", "Role", "Staff", "Store", "as_person", "of_store"]
