"""Templates: one environment per language, with the words, dates and drawings that every page uses."""

from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from server import i18n
from server.database import uuid7
from server.domain.checklists import Question
from server.domain.checklists.findings import Answered
from server.domain.people import Right
from server.domain.people.notices import Notice
from server.domain.refusals import N_, Said
from server.domain.showroom.ratings import SCORES
from server.forms import LABELS
from server.outbox import NOBODY
from server.settings import ROOT
from server.settled import SettledEnvironment
from server.static import static_url
from server.visit import Visit

TEMPLATES = Path(__file__).parent / "templates"
ICONS = ROOT / "static" / "vendor" / "lucide-static" / "icons"
ICON = Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>')
KEYS = Markup('<input type="hidden" name="_csrf" value="%s"><input type="hidden" name="_key" value="%s">')


@cache
def environment(language: str) -> Environment:
    """Templates in one language."""
    settled = {"_": partial(words, language), "icon": icon, "static": static_url}
    made = SettledEnvironment(
        settled, loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, extensions=["jinja2.ext.do"], auto_reload=False, cache_size=400,
    )  # fmt: skip
    # Jinja types its environment by what it holds at birth; what is added later is as good.
    known, filters = cast("dict[str, Any]", made.globals), cast("dict[str, Any]", made.filters)
    known.update(settled, ngettext=partial(counted_words, language))
    known.update(Right=Right, form_keys=form_keys, new_id=uuid7, labels=LABELS, nobody=NOBODY, scores=SCORES)
    spoken = (i18n.say, i18n.tell, i18n.money, i18n.number, i18n.lasting, i18n.dated)
    for name, say in zip(("say", "tell", "money", "number", "lasting", "dated"), spoken, strict=True):
        filters[name] = partial(say, language=language)
    filters.update(moment=moment, clock=clock, day=day, short_day=short_day, typed_moment=typed_moment)
    filters["notice_words"], filters["heard"], filters["qr"] = notice_words, heard, qr
    filters["moment_in"] = partial(_moment_in, language)
    return made


def words(language: str, message: str, **gaps: Any) -> Markup:
    """`_("Plan for %(name)s", name=...)`: the catalogue is our own, what is put into it is not."""
    said = i18n.catalogue(language).gettext(message)
    return Markup(said) % gaps if gaps else Markup(said % gaps)  # noqa: S704 -- the gaps are escaped


def counted_words(language: str, one: str, many: str, num: int, **gaps: Any) -> Markup:
    """The same where the words depend on a number."""
    return Markup(i18n.catalogue(language).ngettext(one, many, num)) % {"num": num, **gaps}  # noqa: S704 -- as above


@pass_context
def form_keys(context: Context) -> Markup:
    """The two hidden fields of every form that changes something."""
    visit: Visit = context["visit"]
    return KEYS % (visit.csrf(), uuid7())


@cache
def icon(name: str) -> Markup:
    """A drawing from the icon set, inline so that it takes the colour of its text."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inner = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
    return ICON.format(Markup(" ".join(inner.split())))  # noqa: S704 -- our own installed drawings, not input


def qr(address: str) -> Markup:
    """The address as a QR code, in black on white whatever the page is like."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True, light="#fff")
    return Markup(drawn)  # noqa: S704 -- by segno, of an address that it has quoted


@pass_context
def moment(context: Context, at: datetime) -> str:
    """Date and time in the zone of the page."""
    return i18n.moment(at, context["language"], context["zone"])


@pass_context
def clock(context: Context, at: datetime) -> str:
    """The time of day in the zone of the page."""
    return i18n.clock(at, context["zone"])


@pass_context
def day(context: Context, on: date | datetime) -> str:
    """The day with its weekday."""
    return i18n.day(on, context["language"], context["zone"])


@pass_context
def short_day(context: Context, at: datetime) -> str:
    """The day as it fits into a narrow column."""
    return i18n.short_day(at, context["language"], context["zone"])


@pass_context
def heard(context: Context, answer: Answered, question: Question) -> str:
    """What somebody answered, in words: the finding, the number with its unit, the choice, the text, the note."""
    language: str = context["language"]
    said = [i18n.tell(Said(VERDICTS[answer.verdict]), language)] if answer.verdict else []
    if answer.number is not None:
        said.append(f"{answer.number:.{question.decimals or 0}f} {i18n.say(question.unit, language)}".strip())
    chosen = next((choice for choice in question.choices or [] if choice["code"] == answer.choice), None)
    said += [i18n.say(chosen, language)] if chosen else []
    said += [own for own in (answer.text, answer.note) if own]
    return " · ".join(said) or i18n.tell(Said(N_("taken back")), language)


@pass_context
def typed_moment(context: Context, at: datetime) -> str:
    """A moment as a field for date and time wants it."""
    zone: ZoneInfo = context["zone"]
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


VERDICTS = {"ok": N_("Good"), "watch": N_("Watch"), "fault": N_("At fault")}


def _moment_in(language: str, at: datetime, zone: ZoneInfo) -> str:
    return i18n.moment(at, language, zone)


@pass_context
def notice_words(context: Context, notice: Notice) -> str:
    """What a notice says; a moment in it is told in the zone and language of the page."""
    gaps: dict[str, Any] = dict(notice.gaps)
    if "time" in gaps:
        gaps["time"] = moment(context, datetime.fromisoformat(gaps["time"]))
    return i18n.tell(Said(notice.words, **gaps), context["language"])
