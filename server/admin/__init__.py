"""Piccolo Admin over the house's own tables: it reads, the house writes."""

from server.admin.door import mount_admin

__all__ = ["mount_admin"]
