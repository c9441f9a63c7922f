"""Tables and columns called by the words of the trade, in the person's language, on pages that know only names."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from server import i18n
from server.admin import care_names, service_names
from server.admin.tables import rooms
from server.domain.refusals import N_, Said

TABLES = (
    N_("Absences"),
    N_("Approvals"), N_("Canned notes"), N_("Car models"), N_("Cars"), N_("Checklist answers"), N_("Checklist items"),
    N_("Checklist photos"), N_("Checklist runs"), N_("Checklist sections"), N_("Checklist signatures"),
    N_("Checklist templates"), N_("Competitor cards"), N_("Consents"), N_("Contacts"), N_("Customers"),
    N_("Deliveries"), N_("Demo cars"), N_("Devices"), N_("Event heads"), N_("Events"), N_("Files"),
    N_("Follow up comments"), N_("Follow ups"), N_("Grade changes"), N_("Grades"), N_("Households"), N_("List entries"),
    N_("Lost deals"), N_("Needs"), N_("Notices"), N_("Orders"), N_("Outbox tickets"), N_("Papers"), N_("Parameters"),
    N_("Payments"), N_("Pdi inspections"), N_("Price list"), N_("Prospect hands"), N_("Prospects"),
    N_("Quotation lines"), N_("Quotations"), N_("Receipts"), N_("Receptions"), N_("Relations"), N_("Sign ins"),
    N_("Staff"), N_("Stock cars"), N_("Stores"), N_("Test drive bookings"), N_("Test drives"), N_("Trade in photos"),
    N_("Trade ins"), *service_names.TABLES, *care_names.TABLES,
)  # fmt: skip
COLUMNS: tuple[str, ...] = (
    N_("Called off at"), N_("First day"), N_("Last day"), N_("Stand in id"),
    N_("Active"), N_("Actor"), N_("Actor id"), N_("Address"), N_("Advice"), N_("Advisor id"), N_("After"),
    N_("After id"), N_("Against id"), N_("Agent"), N_("Agreed"), N_("Amount"), N_("Answer"), N_("Answered by"),
    N_("Applied at"), N_("Applied by"), N_("Applies"), N_("Arrived at"), N_("Arrived on"), N_("Asked at"),
    N_("Asked by"), N_("At"), N_("Automatic"), N_("Back at"), N_("Base id"), N_("Before"), N_("Before id"),
    N_("Blocking"), N_("Body"), N_("Brand"), N_("By id"), N_("By pin"), N_("Cancel note"), N_("Cancel reason"),
    N_("Cancelled why"), N_("Car id"), N_("Changed at"), N_("Changed by"), N_("Choice"), N_("Choices"),
    N_("Climbed at"), N_("Closed at"), N_("Code"), N_("Colour"), N_("Competitor brand"), N_("Competitor model"),
    N_("Competitors"), N_("Completed at"), N_("Condition"), N_("Consultant id"), N_("Consultant since"), N_("Content"),
    N_("Countermeasure"), N_("Covers"), N_("Created at"), N_("Created by"), N_("Credit code"), N_("Customer id"),
    N_("Customer signs"), N_("Customer words"), N_("Damage"), N_("Data"), N_("Decided at"), N_("Decided by"),
    N_("Decimals"), N_("Delivery id"), N_("Device at"), N_("Device id"), N_("Digest"), N_("Done at"), N_("Drive id"),
    N_("Due at"), N_("During id"), N_("Ended at"), N_("Ends at"), N_("Energy"), N_("Energy back"), N_("Energy out"),
    N_("Engine no"), N_("Erased at"), N_("Expected"), N_("Expected on"), N_("Expires at"), N_("File id"), N_("Finance"),
    N_("First contact at"), N_("First grade"), N_("First seen"), N_("Follow up days"), N_("Follow up id"),
    N_("From id"), N_("Gaps"), N_("Given"), N_("Grade"), N_("Grade after"), N_("Grade before"), N_("Granted"),
    N_("Guide"), N_("Handover id"), N_("Hash"), N_("Height"), N_("Help"), N_("Helped"), N_("Household id"), N_("How"),
    N_("Id"), N_("Impressions"), N_("Inspected until"), N_("Inspector id"), N_("Insured until"), N_("Is first"),
    N_("Issued at"), N_("Issued by"), N_("Item code"), N_("Item id"), N_("Key"), N_("Kind"), N_("Km back"),
    N_("Km out"), N_("Language"), N_("Last contact at"), N_("Last person id"), N_("Left at"), N_("Licence class"),
    N_("Licence first on"), N_("Licence until"), N_("List"), N_("List code"), N_("Made at"), N_("Made by"),
    N_("Marked"), N_("Marks"), N_("Maximum"), N_("Media type"), N_("Merged into"), N_("Method"), N_("Mileage km"),
    N_("Minimum"), N_("Model"), N_("Model id"), N_("Name"), N_("Next at"), N_("Next contact at"), N_("Next method"),
    N_("Note"), N_("Number"), N_("Odometer km"), N_("Opinion"), N_("Original sha256"), N_("Out at"), N_("Outcome"),
    N_("Overdue counted at"), N_("Overdue times"), N_("Owed by"), N_("Party"), N_("Passed at"), N_("Path"),
    N_("Pdi passed at"), N_("Person id"), N_("Phone"), N_("Photo needed"), N_("Photos gone at"), N_("Place"),
    N_("Placed at"), N_("Planned at"), N_("Plate"), N_("Position"), N_("Previous"), N_("Price"), N_("Prospect id"),
    N_("Published at"), N_("Purpose"), N_("Quiet"), N_("Quotation id"), N_("Rate"), N_("Reached"), N_("Read at"),
    N_("Reason"), N_("Referrer id"), N_("Refundable"), N_("Registered by"), N_("Reminded at"), N_("Resource"),
    N_("Revision"), N_("Revoked at"), N_("Reworks"), N_("Role"), N_("Roles"), N_("Rounds"), N_("Route"), N_("Run id"),
    N_("Safety"), N_("Seats"), N_("Section id"), N_("Series"), N_("Severity"), N_("Sha256"), N_("Since"), N_("Size"),
    N_("Sold at"), N_("Source"), N_("Staff id"), N_("Started at"), N_("Started by"), N_("Starts at"), N_("State"),
    N_("Status"), N_("Stock car id"), N_("Store id"), N_("Story"), N_("Strengths"), N_("Sub source"), N_("Subject"),
    N_("Subject id"), N_("Taken at"), N_("Taken by"), N_("Template id"), N_("Text"), N_("Timezone"), N_("Title"),
    N_("To id"), N_("Told at"), N_("Total"), N_("Trade in id"), N_("Training id"), N_("Tries"), N_("Trim"),
    N_("Trusted until"), N_("Unit"), N_("Until"), N_("Valid from"), N_("Valid to"), N_("Value"), N_("Value note"),
    N_("Valued"), N_("Valued at"), N_("Valued by"), N_("Verb"), N_("Verdict"), N_("Version"), N_("Vin"), N_("Waiting"),
    N_("Warned on"), N_("Was overdue"), N_("Way"), N_("Weaknesses"), N_("Why"), N_("Width"), N_("Window days"),
    N_("Wish"), N_("Word"), N_("Year"), *service_names.COLUMNS, *care_names.COLUMNS,
)  # fmt: skip
"""A name that is not here yet is shown as it is."""


def called(name: str, language: str) -> str:
    """What people call a table or a column."""
    words = name.replace("_", " ").capitalize()
    return i18n.tell(Said(words), language) if words in TABLES or words in COLUMNS else words


def tables_called(language: str) -> Mapping[str, str]:
    """Piccolo's page shows a table by its address: the address in the person's language, and the table behind it."""
    own = {name: called(name, language).replace(" ", "_") for name in rooms()}
    return {name if words.lower() == name else words: name for name, words in own.items()}


class Addresses:
    """Leads the addresses that people read to the tables that Piccolo knows."""

    def __init__(self, app: ASGIApp, language: str) -> None:
        self.app = app
        self.names = tables_called(language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        parts = scope["path"].split("/")
        if parts[1:3] == ["api", "tables"] and parts[3] in self.names:
            parts[3] = self.names[parts[3]]
        scope["path"] = "/".join(parts)
        await self.app(scope, receive, send)


def routes(piccolo: FastAPI, language: str) -> list[Route]:
    """Piccolo's own answers, with the names in them said in the person's language."""
    said = {name: words for words, name in tables_called(language).items()}
    endpoints: dict[str, Any] = {route.path: route.endpoint for route in piccolo.routes if isinstance(route, Route)}

    def tables(answer: Any) -> Any:
        return [said[name] for name in answer]

    def grouped(answer: Any) -> Any:
        found: dict[str, Any] = answer.model_dump()
        return found | {"grouped": {group: tables(names) for group, names in found["grouped"].items()}}

    def columns(answer: Response) -> Any:
        schema = msgspec.json.decode(answer.body)
        for name, shape in schema["properties"].items():
            shape["title"] = called(name, language)
            target = shape["extra"].get("foreign_key")
            if target:
                target["to"] = said[target["to"]]
        return schema

    return [
        Route("/api/tables/", _retold(endpoints, tables)),
        Route("/api/tables/grouped/", _retold(endpoints, grouped)),
        Route("/api/tables/{table}/schema/", _retold(endpoints, columns)),
    ]


def _retold(endpoints: Mapping[str, Any], tell: Callable[[Any], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        found = endpoints.get(request.url.path.removeprefix("/api"))
        if found is None:
            return JSONResponse({"detail": "Not Found"}, 404)
        answer = found(request) if "schema" in request.url.path else found()
        return JSONResponse(tell(await answer if hasattr(answer, "__await__") else answer))

    return endpoint
