"""Document numbers."""

from server.domain.billing.numbers import next_number

__all__ = ["next_number"]
