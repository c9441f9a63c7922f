"""The words of the house: what the code and the pages say, against what both catalogues have."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from server.i18n import LANGUAGES
from server.settings import ROOT

I18N = ROOT / "i18n"
TEMPLATE = I18N / "messages.pot"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do"}}


def said() -> Catalog:
    """Every sentence of the code and the pages, with the files that say it."""
    catalog = Catalog(project="Huanche", charset="utf-8")
    for file, _, message, comments, context in extract_from_dir(ROOT / "server", METHODS, OPTIONS):
        catalog.add(message, None, [(f"server/{file}", 0)], auto_comments=comments, context=context)
    return catalog


def update() -> None:
    """Write the template, and bring both catalogues to it; what is new waits there to be translated."""
    template = said()
    _write(TEMPLATE, template)
    for locale in LANGUAGES.values():
        place = place_of(locale)
        place.parent.mkdir(parents=True, exist_ok=True)
        known = read(locale) if place.exists() else Catalog(locale=locale, project="Huanche", charset="utf-8")
        template.creation_date = known.creation_date  # an update without news changes no line
        known.update(template, no_fuzzy_matching=True)
        _write(place, known)


def faults() -> Iterator[str]:
    """What keeps the catalogues from being whole: one line for each."""
    wanted = {_called(message): message for message in said() if message.id}
    yield from _against(TEMPLATE, read_template(), wanted)
    for locale in LANGUAGES.values():
        known = read(locale)
        yield from _against(place_of(locale), known, wanted)
        yield from (f"{locale}: not translated: {_called(message)}" for message in known if not _translated(message))
        for message, wrong in known.check():
            yield from (f"{locale}: {fault}: {_called(message)}" for fault in wrong)


def read(locale: str) -> Catalog:
    """The catalogue of one language."""
    with place_of(locale).open("rb") as file:
        return read_po(file, locale=locale)


def read_template() -> Catalog:
    """The sentences as they were when the catalogues were last brought up to date."""
    with TEMPLATE.open("rb") as file:
        return read_po(file)


def place_of(locale: str) -> Path:
    """Where a catalogue lies."""
    return I18N / locale / "LC_MESSAGES" / "messages.po"


def _against(place: Path, known: Catalog, wanted: dict[str, Message]) -> Iterator[str]:
    name = place.relative_to(ROOT)
    has = {_called(message) for message in known if message.id}
    for one in wanted.keys() - has:
        yield f"{name}: missing: {one} ({', '.join(sorted({file for file, _ in wanted[one].locations}))})"
    yield from (f"{name}: nobody says this any more: {one}" for one in has - wanted.keys())
    yield from (f"{name}: obsolete: {one}" for one in known.obsolete)


def _translated(message: Message) -> bool:
    if not message.id:
        return True
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy


def _called(message: Message) -> str:
    """A sentence with a plural goes by its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def _write(place: Path, catalog: Catalog) -> None:
    with place.open("wb") as file:
        write_po(
            file, catalog, width=110, sort_output=True, omit_header=place == TEMPLATE, ignore_obsolete=True,
            include_lineno=False,
        )  # fmt: skip
