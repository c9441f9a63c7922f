"""What `check` finds in pages and catalogues; that it finds nothing in ours is for `check` itself to say."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from server.commands import pages, words


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p style="color: red">', "style"),
        ("<button onclick='buy()'>", "onclick"),
        ('<p hx-on:click="buy()">', "hx-on:click"),
        ('<img src="/a.png">', "alt"),
        ('<form method="post" action="/a"><button></button></form>', "form_keys"),
        ("{% if a %}", "end"),
    ],
)
def test_a_page_that_breaks_a_rule_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, fault: str
) -> None:
    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    monkeypatch.setattr(pages, "TEMPLATES", tmp_path)
    found = list(pages.faults())
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    "source",
    [
        '<form method="get"><img src="/a.png" alt=""></form>',
        '<form method="post" action="{{ "a" if 2 > 1 else "b" }}">{{ form_keys() }}</form>',
        "{# <p style='x'> is forbidden #}<p data-one=1 class=style>on = off</p>",
    ],
)
def test_a_page_that_keeps_the_rules_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    monkeypatch.setattr(pages, "TEMPLATES", tmp_path)
    assert list(pages.faults()) == []


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Catalogues of their own, for a house that says only what is added here."""
    said = Catalog(charset="utf-8")
    monkeypatch.setattr(words, "said", lambda: said)
    monkeypatch.setattr(words, "ROOT", tmp_path)
    monkeypatch.setattr(words, "I18N", tmp_path)
    monkeypatch.setattr(words, "TEMPLATE", tmp_path / "messages.pot")
    return said


def test_what_is_new_waits_to_be_translated_and_what_is_gone_leaves(catalogues: Catalog) -> None:
    catalogues.add("Handed over", locations=[("server/a.py", 0)])
    words.update()
    assert list(words.faults()) == ["zh_Hans: not translated: Handed over", "en: not translated: Handed over"]
    for locale, said in (("zh_Hans", "已交车"), ("en", "Handed over")):
        place = words.place_of(locale)
        place.write_text(place.read_text().replace('msgstr ""\n', f'msgstr "{said}"\n').replace(said, "", 1))
    assert list(words.faults()) == []

    catalogues.add("Cancelled", locations=[("server/a.py", 0)])
    catalogues.delete("Handed over")
    assert sum("missing: Cancelled" in fault for fault in words.faults()) == 3
    assert sum("nobody says this any more: Handed over" in fault for fault in words.faults()) == 3
    words.update()
    assert list(words.faults()) == ["zh_Hans: not translated: Cancelled", "en: not translated: Cancelled"]


def test_bringing_the_catalogues_up_to_date_twice_changes_no_line(catalogues: Catalog) -> None:
    catalogues.add("Handed over", locations=[("server/a.py", 0)])
    words.update()
    before = words.place_of("zh_Hans").read_bytes()
    words.update()
    assert words.place_of("zh_Hans").read_bytes() == before
