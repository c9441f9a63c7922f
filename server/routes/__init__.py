"""One module per page family; `ALL` is what the house serves."""

from server.routes import (
    aboard,
    checklists,
    contacts,
    customers,
    deliveries,
    devices,
    evidence,
    handovers,
    health,
    install,
    outbox,
    papers,
    pdi,
    people,
    push,
    today,
)

ALL = [
    *today.ALL, *people.ALL, *push.ALL, *customers.ALL, *deliveries.ALL, *pdi.ALL, *handovers.ALL, *checklists.ALL,
    *contacts.ALL, *devices.ALL, *install.ALL, *papers.ALL, *evidence.ALL, *aboard.ALL, *outbox.ALL, *health.ALL,
]  # fmt: skip
