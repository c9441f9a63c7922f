"""One module per page family; `ALL` is what the house serves."""

from server.routes import (
    checklists,
    contacts,
    customers,
    deliveries,
    evidence,
    handovers,
    health,
    papers,
    pdi,
    people,
    today,
)

ALL = [
    *today.ALL, *people.ALL, *customers.ALL, *deliveries.ALL, *pdi.ALL, *handovers.ALL, *checklists.ALL,
    *contacts.ALL, *papers.ALL, *evidence.ALL, *health.ALL,
]  # fmt: skip
