"""One module per page family; `ALL` is what the house serves."""

from server.routes import (
    aboard,
    checklists,
    contacts,
    customers,
    deliveries,
    devices,
    evidence,
    finance,
    follow_ups,
    gap,
    handovers,
    health,
    install,
    lost_deals,
    needs,
    orders,
    outbox,
    papers,
    pdi,
    people,
    prospect_hands,
    prospects,
    push,
    quotations,
    receptions,
    test_drives,
    today,
    trade_ins,
)

ALL = [
    *today.ALL, *people.ALL, *push.ALL, *customers.ALL, *deliveries.ALL, *pdi.ALL, *handovers.ALL, *checklists.ALL,
    *contacts.ALL, *devices.ALL, *install.ALL, *papers.ALL, *evidence.ALL, *aboard.ALL, *outbox.ALL, *health.ALL,
    *prospects.ALL, *follow_ups.ALL, *prospect_hands.ALL, *gap.ALL, *lost_deals.ALL, *receptions.ALL, *test_drives.ALL, *needs.ALL,
    *quotations.ALL, *trade_ins.ALL, *finance.ALL, *orders.ALL,
]  # fmt: skip
