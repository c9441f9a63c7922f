"""How long one waits before several equal desks: the queue M/M/c (Erlang's C)."""

from dataclasses import dataclass
from math import exp, factorial


@dataclass(frozen=True)
class Queue:
    """Steady state of a queue; rates are per hour, waits in minutes."""

    arrivals: float
    """Customers an hour."""
    service: float
    """Customers that one desk serves in an hour."""
    desks: int

    @property
    def load(self) -> float:
        """The share of the time that a desk is busy; from 1 on the queue grows without limit."""
        return self.arrivals / self.service / self.desks

    @property
    def is_endless(self) -> bool:
        """Whether more come than can be served."""
        return self.load >= 1

    @property
    def nobody(self) -> float:
        """The share of the time in which nobody is there."""
        offered = self.arrivals / self.service
        some = sum(offered**k / factorial(k) for k in range(self.desks))
        return 1 / (some + self._all_busy)

    @property
    def waits(self) -> float:
        """The share of customers who wait at all."""
        return self._all_busy * self.nobody

    @property
    def in_line(self) -> float:
        """How many stand in line on average."""
        return self.waits * self.load / (1 - self.load)

    @property
    def wait(self) -> float:
        """Minutes in line on average, over all customers."""
        return self.in_line / self.arrivals * 60

    @property
    def stay(self) -> float:
        """Minutes until one is served, on average."""
        return self.wait + 60 / self.service

    def waits_longer(self, minutes: float) -> float:
        """The share of customers who wait longer than that."""
        return self.waits * exp(-(self.desks * self.service - self.arrivals) * minutes / 60)

    @property
    def _all_busy(self) -> float:
        offered = self.arrivals / self.service
        return offered**self.desks / (factorial(self.desks) * (1 - self.load))


def around(arrivals: float, service: float, desks: int) -> list[Queue]:
    """The same with one desk less, with these, and with up to two more."""
    return [Queue(arrivals, service, number) for number in range(max(1, desks - 1), desks + 3)]
