"""The floor under every measure: the same rows on the same kind of page, with nothing else that a house needs.

Litestar, SQLAlchemy's ORM and SQLite, written to disk as safely; no rights, no languages, no record of events.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar
from uuid import UUID

import uvicorn
from jinja2 import Environment, FileSystemLoader
from litestar import Litestar, MediaType, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from server.database import Identity, Moment, open_engine
from server.domain.customers.search import LAST

PAGE = 20
SALT = "0" * 80
"""Stands where the house has a token."""


class Base(DeclarativeBase):
    """The floor's own two tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {UUID: Identity(), datetime: Moment()}


class Customer(Base):
    """As much of a customer as the pages show."""

    __tablename__ = "customers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(index=True)
    address: Mapped[str]
    note: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)


class Record(Base):
    """A line of the timeline."""

    __tablename__ = "records"
    __table_args__ = (Index("ix_records_customer", "customer_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    words: Mapped[str]


def url(folder: Path) -> str:
    """Where the floor keeps its rows."""
    return f"sqlite:///{folder / 'floor.sqlite3'}"


engine = open_engine(url(Path(os.environ.get("HUANCHE_DATA", "."))))
templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
page = templates.get_template("floor.html")


@get("/health", sync_to_thread=False)
def health() -> str:
    """Up."""
    return "ok"


@get("/customers", media_type=MediaType.HTML, sync_to_thread=True)
def index(q: str = "", name: str = "") -> str:
    """Those with this telephone, those whose name begins so, or the newest."""
    query = select(Customer).limit(PAGE)
    if name:
        query = query.where(Customer.name >= name, Customer.name < name + LAST).order_by(Customer.name)
    else:
        query = query.where(Customer.phone == q) if q else query.order_by(Customer.created_at.desc())
    with Session(engine) as session:
        return page.render(salt=SALT, q=q, customers=session.scalars(query).all(), customer=None, records=())


@get("/customers/{customer_id:uuid}", media_type=MediaType.HTML, sync_to_thread=True)
def show(customer_id: UUID) -> str:
    """A customer with a page of the timeline."""
    query = select(Record).where(Record.customer_id == customer_id).order_by(Record.at.desc()).limit(PAGE)
    with Session(engine) as session:
        customer = session.get_one(Customer, customer_id)
        return page.render(salt=SALT, q="", customers=(), customer=customer, records=session.scalars(query).all())


@post("/customers/{customer_id:uuid}/edit", status_code=303, sync_to_thread=True)
def save(
    customer_id: UUID, data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[str]:
    """Keep what was typed, on disk before it is answered."""
    with Session(engine) as session:
        customer = session.get_one(Customer, customer_id)
        customer.name, customer.phone, customer.note = data["name"], data["phone"], data["note"]
        customer.version += 1
        session.commit()
    return Response("", headers={"location": f"/customers/{customer_id}"}, status_code=303)


def main() -> None:
    """Serve on `PORT`, as the house does."""
    uvicorn.run(
        Litestar(route_handlers=[health, index, show, save], openapi_config=None), host="127.0.0.1",
        port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False, log_level="warning",
    )  # fmt: skip
