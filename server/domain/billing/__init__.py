"""Document numbers, money taken and given back."""

from server.domain.billing.capitals import capitals
from server.domain.billing.numbers import next_number
from server.domain.billing.payments import Payment, yuan

__all__ = ["Payment", "capitals", "next_number", "yuan"]
