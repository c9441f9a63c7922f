"""Names as they are written, and every way in which somebody may type them into the search."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, cast

from opencc import OpenCC

from server.domain.customers.surnames import surname_reading
from server.domain.refusals import N_, Said

LONGEST = 80
LONGEST_TOKEN = 24
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
PIECE = re.compile(f"[{HAN}]|[^{HAN} ]+")
IS_HAN = re.compile(f"[{HAN}]")
BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str, *, lines: bool = False) -> str:
    """Text as it is kept: composed, without control letters, with single blanks (and line ends if asked)."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = "".join(letter if _is_kept(letter, lines) else " " for letter in composed)
    return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()


def fault_of(name: str) -> Said | None:
    """What is wrong with a cleaned name."""
    if not name:
        return Said(N_("Write the customer's name."))
    if len(name) > LONGEST:
        return Said(N_("A name has at most %(most)s letters."), most=LONGEST)
    return None


def key(text: str) -> str:
    """What makes two spellings the same: simplified, lower case, no accents, no blanks, no punctuation."""
    return _plain(text).replace(" ", "")


def name_tokens(name: str) -> set[str]:
    """Everything that finds this name when typed from its beginning.

    Each tail of the name (so 建国 finds 王建国), the same in pinyin, the initials, and the given name first.
    """
    plain = _plain(name)
    pieces: list[str] = PIECE.findall(plain)[:LONGEST_TOKEN]
    tokens = set(_tails(pieces))
    for syllables, surname_length in _readings(plain, pieces):
        tokens.update(_tails(syllables))
        given_first = [*syllables[surname_length:], *syllables[:surname_length]]
        tokens.add("".join(given_first))
        tokens.add("".join(syllable[0] for syllable in syllables))
    return {token[:LONGEST_TOKEN] for token in tokens if token}


def letters(name: str) -> str:
    """The name in Latin letters, as the surname is read first of all: for comparing by sound."""
    plain = _plain(name)
    readings = list(_readings(plain, PIECE.findall(plain)[:LONGEST_TOKEN]))
    return "".join(readings[-1][0]) if readings else ""


def _is_kept(letter: str, lines: bool) -> bool:
    if letter == "\n":
        return lines
    return unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Zl", "Zp") and letter not in BIDI


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text.casefold())
    unmarked = "".join(letter for letter in parted if unicodedata.category(letter) != "Mn")
    composed = unicodedata.normalize("NFKC", unmarked)
    return " ".join("".join(_simplified(letter) if _is_word(letter) else " " for letter in composed).split())


def _is_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "ZPC"


@lru_cache(maxsize=8192)
def _simplified(letter: str) -> str:
    # Letter by letter: a phrase-wise conversion would read 乾 in a whole name unlike 乾 alone.
    return str(_converter().convert(letter)) if IS_HAN.match(letter) else letter


@cache
def _converter() -> Any:
    return cast("Any", OpenCC("t2s"))  # it comes without types


def _tails(pieces: Sequence[str]) -> Iterator[str]:
    for start in range(len(pieces)):
        yield "".join(pieces[start:])


def _readings(plain: str, pieces: list[str]) -> Iterator[tuple[list[str], int]]:
    """The name in syllables, with the length of its surname: as usually read, then as a surname is read."""
    if not pieces:
        return
    usual = _syllables(plain, pieces)
    surname = surname_reading("".join(pieces[:2]))
    length = len(surname) or 1
    yield from _spelled(usual, length)
    if surname and surname != usual[:length]:
        yield from _spelled([*surname, *usual[length:]], length)


def _syllables(plain: str, pieces: list[str]) -> list[str]:
    """One for each Han letter, read in its phrase; other words stay as they are."""
    from pypinyin import lazy_pinyin  # its phrases weigh 50 MB: a house that only looks things up does without

    read: list[str] = []
    for run in re.findall(f"[{HAN}]+|[^{HAN} ]+", plain):
        read += lazy_pinyin(run) if IS_HAN.match(run) else [run]
    return read[: len(pieces)]


def _spelled(syllables: list[str], length: int) -> Iterator[tuple[list[str], int]]:
    """吕 is typed lv, lu or lyu."""
    yield syllables, length
    if any(syllable in ("lv", "nv") for syllable in syllables):
        for vowel in ("u", "yu"):
            yield [s[0] + vowel if s in ("lv", "nv") else s for s in syllables], length
