"""Languages: the catalogues, the person's choice, and how dates, money and bilingual content are said."""

import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Any, cast

from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import Translations

from server.domain.refusals import N_, Said
from server.settings import ROOT

DAY = re.compile(r"\d{4}-\d\d-\d\d")

LANGUAGES = {"zh": "zh_Hans", "en": "en"}
FIRST_LANGUAGE = "zh"


@cache
def catalogue(language: str) -> Translations:
    """The words of a language, straight from its .po file: nothing to compile, nothing to go stale."""
    locale = LANGUAGES[language]
    compiled = io.BytesIO()
    with (ROOT / "i18n" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return Translations(compiled)


def choose(cookie: str | None, own: str | None, accepted: str) -> str:
    """What was chosen on this device, else the person's own, else the browser's, else Chinese."""
    for wish in (cookie, own):
        if wish in LANGUAGES:
            return wish
    first = accepted.split(",", maxsplit=1)[0].split("-", maxsplit=1)[0].strip().lower()
    return first if first in LANGUAGES else FIRST_LANGUAGE


def say(words: Mapping[str, str] | str | None, language: str) -> str:
    """Bilingual content in the person's language; the other one rather than nothing."""
    if words is None or isinstance(words, str):
        return words or ""
    return words.get(language) or words.get(FIRST_LANGUAGE) or next(iter(words.values()), "")


def tell(said: Said | str, language: str) -> str:
    """A sentence of the catalogue with its gaps filled."""
    if isinstance(said, str):
        return catalogue(language).gettext(said)
    gaps = {name: _gap(value, language) for name, value in said.gaps.items()}
    return catalogue(language).gettext(said.message) % gaps if gaps else catalogue(language).gettext(said.message)


def _gap(value: Any, language: str) -> Any:
    if isinstance(value, Said):
        return tell(value, language)
    if isinstance(value, str) and DAY.fullmatch(value):  # a day that was written down as data
        return dated(date.fromisoformat(value), language)
    if isinstance(value, list):  # of moments, each in the zone it is read in
        told = [moment(at, language, at.tzinfo or UTC) for at in cast("list[datetime]", value)]
        return ("、" if language == "zh" else "; ").join(told)
    return say(cast("dict[str, str]", value), language) if isinstance(value, dict) else value


def moment(at: datetime, language: str, zone: tzinfo) -> str:
    """11月22日 14:30 · 22 Nov, 14:30, in the store's zone; with the year when it is not this one."""
    local = at.astimezone(zone)
    this_year = local.year == datetime.now(zone).year
    pattern = {
        ("zh", True): "M月d日 HH:mm", ("zh", False): "y年M月d日 HH:mm",
        ("en", True): "d MMM, HH:mm", ("en", False): "d MMM y, HH:mm",
    }[language, this_year]  # fmt: skip
    return _written(local.replace(second=0, microsecond=0, tzinfo=None), pattern, language)


def clock(at: datetime, zone: tzinfo) -> str:
    """14:30 in the store's zone."""
    return f"{at.astimezone(zone):%H:%M}"


def dated(on: date, language: str) -> str:
    """11月22日 · 22 Nov; with the year when it is not this one."""
    pattern = (
        {"zh": "M月d日", "en": "d MMM"} if on.year == datetime.now(UTC).year else {"zh": "y年M月d日", "en": "d MMM y"}
    )
    return _written(on, pattern[language], language)


def day(on: date | datetime, language: str, zone: tzinfo) -> str:
    """11月22日 星期日 · Sunday, 22 November; with the year when it is not this one."""
    local = on.astimezone(zone).date() if isinstance(on, datetime) else on
    pattern = {
        ("zh", True): "M月d日 EEEE", ("zh", False): "y年M月d日 EEEE",
        ("en", True): "EEEE, d MMMM", ("en", False): "EEEE, d MMMM y",
    }[language, local.year == datetime.now(zone).year]  # fmt: skip
    return _written(local, pattern, language)


def short_day(at: datetime, language: str, zone: tzinfo) -> str:
    """今天, 明天 or 11月25日, for the narrow column of a list."""
    local = at.astimezone(zone).date()
    ahead = (local - datetime.now(zone).date()).days
    named = {-1: N_("Yesterday"), 0: N_("Today"), 1: N_("Tomorrow")}.get(ahead)
    if named:
        return tell(named, language)
    return _written(local, "M月d日" if language == "zh" else "d MMM", language)


@lru_cache(maxsize=1024)
def _written(on: date, pattern: str, language: str) -> str:
    """A day, or a moment to the minute on a clock of no zone: pages show the same ones again and again."""
    return format_datetime(on, pattern, locale=LANGUAGES[language])


def money(fen: int, language: str) -> str:
    """¥1,234.56 from integer fen."""
    amount = format_currency(abs(fen) / 100, "CNY", "¤#,##0.00", locale=LANGUAGES[language])
    return ("−" if fen < 0 else "") + amount.replace("CN¥", "¥")


def number(value: float, language: str) -> str:
    """46,820."""
    return format_decimal(value, locale=LANGUAGES[language])


def lasting(span: timedelta, language: str) -> str:
    """45 分钟, 5 小时 20 分 or 3.5 天: to the minute for two days, then to a tenth of a day."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return tell(Said(N_("%(minutes)s min"), minutes=minutes), language)
    if minutes < 2 * 24 * 60:
        return tell(Said(N_("%(hours)s h %(minutes)s min"), hours=minutes // 60, minutes=minutes % 60), language)
    return tell(Said(N_("%(days)s d"), days=f"{minutes / 1440:.1f}"), language)
