"""Reading a quotation as it is typed, and what its form offers."""

from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from server.domain.catalogue import CarModel, car_models, entries, value_of
from server.domain.catalogue.price_list import KINDS, PASSED_ON, Price, guide_prices, prices
from server.domain.deals import Quotation, TradeIn, offering, trade_ins
from server.domain.deals.finance import MOST_MONTHS, MOST_RATE, Loan, Terms, half_up
from server.domain.deals.offering import Choice, Limits
from server.domain.deals.sheets import Sheet
from server.domain.people import Person
from server.domain.refusals import Invalid, N_
from server.domain.showroom import Prospect
from server.forms import Form

METHODS = {
    "annuity": N_("Annuity: equal instalments, interest on what is owed"),
    "flat": N_("Flat rate: interest on the whole loan for the whole time"),
}


class Worked(msgspec.Struct):
    """What a form comes to."""

    sheet: Sheet
    limits: Limits
    loan: Loan | None
    other: Loan | None
    """The same loan reckoned the other way, to be compared."""


def read(form: Form, session: Session, person: Person, prospect: Prospect) -> Choice:
    """What was chosen. Raises Invalid at every field that is wrong."""
    models = {str(model.id): model for model in car_models.on_sale(session, person.store_id)}
    model = models.get(form.choice("model", models))
    form.check()
    assert model is not None  # checked just above
    offered = _offered(session, person, model)
    charged = _charged(form, offered)
    colour = form.choice("colour", {one.code for one in entries(session, person.store_id, "colour")}, required=False)
    choice = Choice(
        model=model, colour=colour, prices=charged, with_tax=form.yes("with_tax"),
        trade_in=_trade_in(form, session, prospect), note=form.text("note", most=500), why=form.text("why", most=300),
    )  # fmt: skip
    wish = loan_wish(form) if form.yes("financed") else None
    form.check()
    if wish is not None:
        choice.loan = wish.terms(offering.sheet_of(session, choice, by=person).total)
    return choice


def worked(session: Session, choice: Choice, person: Person) -> Worked:
    """The sums of a choice. Raises Invalid."""
    sheet = offering.sheet_of(session, choice, by=person)
    loan = offering.loan_of(choice.loan, sheet.total) if choice.loan else None
    other = offering.loan_of(_otherwise(choice.loan), sheet.total) if choice.loan else None
    return Worked(sheet, offering.limits(session, sheet.guide, by=person), loan, other)


def _otherwise(terms: Terms) -> Terms:
    return msgspec.structs.replace(terms, method=next(one for one in METHODS if one != terms.method))


class Wish(msgspec.Struct):
    """How somebody wants to pay off."""

    down: int
    months: int
    rate: int
    method: str

    def terms(self, total: int) -> Terms:
        """The loan that this makes of a price. Raises Invalid at `down`."""
        if self.down > total:
            raise Invalid.at("down", N_("The down payment is more than the price."))
        return Terms(total - self.down, self.months, self.rate, self.method)


def loan_wish(form: Form) -> Wish | None:
    """Down payment, months, rate and method; None when something is wrong there."""
    down, months = form.money("down"), form.whole("months", least=1, most=MOST_MONTHS)
    method, rate = form.choice("method", METHODS), _rate(form)
    if down is None or months is None or rate is None or not method:
        return None
    return Wish(down, months, rate, method)


def choices(session: Session, person: Person, form: Form, prospect: Prospect) -> dict[str, Any]:
    """What the form offers for the model that is chosen in it."""
    models = car_models.on_sale(session, person.store_id)
    wanted = form.text("model", most=40) or str(prospect.model_id or "")
    model = next((one for one in models if str(one.id) == wanted), None)
    guides = guide_prices(session, person.store_id, today_of(person))
    offered = _offered(session, person, model) if model else []
    guide = guides.get(model.id, 0) if model else 0
    return {
        "prospect": prospect, "models": [one for one in models if one.id in guides], "guides": guides, "model": model,
        "guide": guide, "groups": _groups(offered), "kinds": KINDS, "methods": METHODS,
        "colours": entries(session, person.store_id, "colour"), "finance": finance_offers(session, person),
        "trade_ins": [one for one in trade_ins.of_prospect(session, prospect) if one.state == "valued"],
        "own": offering.limits(session, guide, by=person).own,
    }  # fmt: skip


def as_typed(quotation: Quotation) -> dict[str, str]:
    """The fields of the form as they were for this version, to begin another one with."""
    fields = {
        "model": str(quotation.model_id), "colour": quotation.colour, "note": quotation.note,
        "trade_in": str(quotation.trade_in_id or ""),
    }  # fmt: skip
    for line in quotation.lines:
        if line.kind == "tax":
            fields["with_tax"] = "1"
        elif line.kind != "trade_in":
            fields[f"take-{line.code}"] = "1"
            if line.kind == "car" or (line.given and line.kind not in PASSED_ON):
                fields[f"price-{line.code}"] = plain(line.price)
    if quotation.finance:
        loan = quotation.finance
        fields |= {
            "financed": "1", "down": plain(loan["down"]), "months": str(loan["months"]), "method": loan["method"],
            "rate": percent(loan["rate"]),
        }  # fmt: skip
    return fields


def finance_offers(session: Session, person: Person) -> dict[str, Any]:
    """What the store offers: months, the share paid down, and a rate for each method."""
    return value_of(session, person.store_id, "finance_offers", today_of(person))


def usual(finance: dict[str, Any], guide: int) -> dict[str, str]:
    """The fields of a loan before anybody has typed."""
    return {
        "down": plain(half_up(guide * finance["down_percent"], 10_000) * 100), "months": str(finance["months"][2]),
        "rate": percent(finance["annuity"]), "method": "annuity",
    }  # fmt: skip


def today_of(person: Person) -> Any:
    """The day on which they do it."""
    return person.moment().astimezone(person.zone).date()


def plain(fen: int) -> str:
    """As it is typed: 128800 or 99.50."""
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}"


def percent(millionths: int) -> str:
    """As it is typed: 4.8."""
    return f"{Decimal(millionths) / 10_000:f}".rstrip("0").rstrip(".") if millionths else "0"


def _offered(session: Session, person: Person, model: CarModel) -> list[Price]:
    return list(prices(session, person.store_id, model.id, today_of(person)))


def _groups(offered: list[Price]) -> dict[str, list[Price]]:
    return {kind: [one for one in offered if one.kind == kind] for kind in KINDS}


def _charged(form: Form, offered: list[Price]) -> dict[str, int | None]:
    """What is taken and at which price; the car always is. An empty field is the marked price."""
    return {
        one.code: form.money(f"price-{one.code}", required=False)
        for one in offered
        if one.kind == "car" or form.yes(f"take-{one.code}")
    }


def _trade_in(form: Form, session: Session, prospect: Prospect) -> TradeIn | None:
    known: dict[str, TradeIn] = {str(one.id): one for one in trade_ins.of_prospect(session, prospect)}
    return known.get(form.choice("trade_in", known, required=False))


def _rate(form: Form) -> int | None:
    """Per cent a year with up to four places, in millionths."""
    typed = form.text("rate", required=True, most=12).replace("%", "").replace("％", "").strip()
    try:
        found = Decimal(typed or "0") * 10_000
        if found != found.to_integral_value() or not 0 <= found <= MOST_RATE:
            raise InvalidOperation
    except InvalidOperation:
        word = N_("Type a yearly rate in per cent, such as 4.8; at most %(most)s.")
        form.wrong("rate", word, most=percent(MOST_RATE))
        return None
    return int(found)
