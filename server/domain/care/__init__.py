"""Owed contacts and care."""

from server.domain.care.contacts import Contact

__all__ = ["Contact"]
