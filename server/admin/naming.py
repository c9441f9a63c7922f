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
from server.admin.tables import rooms
from server.domain.refusals import N_, Said

TABLES = (
    N_("Canned notes"), N_("Car models"), N_("Cars"), N_("Checklist answers"), N_("Checklist items"),
    N_("Checklist photos"), N_("Checklist runs"), N_("Checklist sections"), N_("Checklist signatures"),
    N_("Checklist templates"), N_("Consents"),
    N_("Contacts"), N_("Customers"), N_("Deliveries"), N_("Devices"), N_("Event heads"), N_("Events"), N_("Files"),
    N_("Grades"), N_("Households"), N_("List entries"), N_("Notices"), N_("Papers"), N_("Parameters"),
    N_("Pdi inspections"), N_("Receipts"), N_("Relations"), N_("Sign ins"), N_("Staff"), N_("Stores"),
)  # fmt: skip
COLUMNS = (
    N_("Active"), N_("Actor"), N_("Address"), N_("Answered by"), N_("Applies"), N_("At"), N_("Blocking"), N_("Brand"),
    N_("By pin"), N_("Choice"), N_("Choices"), N_("Closed at"), N_("Code"), N_("Colour"), N_("Completed at"),
    N_("Consultant id"), N_("Advisor id"), N_("Created at"), N_("Created by"), N_("Credit code"), N_("Customer id"),
    N_("Customer signs"), N_("Car id"), N_("Data"), N_("Decimals"), N_("Delivery id"), N_("Device at"), N_("Device id"),
    N_("Done at"), N_("Due at"), N_("Ended at"), N_("Energy"), N_("Expires at"), N_("First seen"), N_("Follow up days"),
    N_("Given"), N_("Hash"), N_("Help"), N_("How"), N_("Id"), N_("Issued at"), N_("Issued by"), N_("Item code"),
    N_("Item id"), N_("Key"), N_("Kind"), N_("Language"), N_("List"), N_("List code"), N_("Maximum"), N_("Merged into"),
    N_("Minimum"), N_("Model"), N_("Model id"), N_("Name"), N_("Note"), N_("Number"), N_("Outcome"), N_("Phone"),
    N_("Photo needed"), N_("Place"), N_("Planned at"), N_("Plate"), N_("Position"), N_("Previous"), N_("Published at"),
    N_("Purpose"), N_("Read at"), N_("Reason"), N_("Revision"), N_("Role"), N_("Roles"), N_("Run id"), N_("Safety"),
    N_("Section id"), N_("Series"), N_("Severity"), N_("Since"), N_("Size"), N_("Staff id"), N_("Started at"),
    N_("Started by"), N_("State"), N_("Status"), N_("Subject"), N_("Subject id"), N_("Taken by"), N_("Template id"),
    N_("Text"), N_("Timezone"), N_("Title"), N_("Trim"), N_("Trusted until"), N_("Unit"), N_("Until"), N_("Valid from"),
    N_("Valid to"), N_("Value"), N_("Verb"), N_("Verdict"), N_("Version"), N_("Vin"), N_("Window days"), N_("Year"),
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
