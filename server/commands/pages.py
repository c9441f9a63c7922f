"""What every template keeps to: it can be read, works without scripts, and speaks to who does not see."""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError

from server.rendering import TEMPLATES, environment

KEYS = re.compile(r"\{\{-?\s*form_keys\(\)\s*-?\}\}")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<([a-z][\w-]*)\b([^>]*)>", re.IGNORECASE)
INLINE = re.compile(r"\s(style|on\w+|hx-on[\w:-]*)\s*=", re.IGNORECASE)
POSTS = re.compile(r"<form\b[^>]*\bmethod=[\"']?post[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)


def faults() -> Iterator[str]:
    """One line for each."""
    for place in sorted(TEMPLATES.rglob("*.html")):
        name = place.relative_to(TEMPLATES)
        yield from (f"{name}: {fault}" for fault in _faults_of(place))


def _faults_of(place: Path) -> Iterator[str]:
    source = place.read_text(encoding="utf-8")
    try:
        environment("en").parse(source)
    except TemplateSyntaxError as fault:
        yield f"line {fault.lineno}: {fault.message}"
    bare = JINJA.sub("", KEYS.sub("FORM-KEYS", source))
    for tag, attributes in TAG.findall(bare):
        yield from (f"<{tag}> has {name} inside; the page's policy forbids it" for name in INLINE.findall(attributes))
        if tag.lower() == "img" and not re.search(r"\salt\s*=", attributes):
            yield "<img> without alt"
    for form in POSTS.findall(bare):
        if "FORM-KEYS" not in form:
            yield "a form that posts without form_keys()"
