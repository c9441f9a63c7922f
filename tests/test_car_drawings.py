"""The drawings of cars: every panel is on them, every place to tap lies within, and a sheet prints each body."""

import re

import pytest
from sqlalchemy.orm import Session

from server import pdf
from server.car_drawings import drawings
from server.commands.demonstration import walk_arounds
from server.domain.records.files import File, read
from server.domain.records.papers import Paper
from server.domain.workshop.bodies import BODIES, PANELS, SIDES
from tests.cast import Cast
from tests.domain.workshop.repairing import an_order


@pytest.mark.parametrize("body", BODIES)
def test_every_panel_can_be_tapped_and_nothing_else(body: str) -> None:
    drawn = drawings(body)
    assert list(drawn) == list(SIDES)
    assert {spot.panel for one in drawn.values() for spot in one.hits} == set(PANELS)
    assert {shape.panel for one in drawn.values() for shape in one.shapes if shape.panel} <= set(PANELS)


@pytest.mark.parametrize("body", BODIES)
def test_the_middle_of_a_panel_lies_on_its_drawing(body: str) -> None:
    for side, drawing in drawings(body).items():
        for spot in drawing.hits:
            assert (0 <= spot.x <= 1000, 0 <= spot.y <= 1000) == (True, True), (side, spot.panel)


def test_the_right_side_is_the_left_one_in_a_mirror() -> None:
    drawn = drawings("mpv")
    left, right = drawn["left"].spot("front_door_left"), drawn["right"].spot("front_door_right")
    assert left is not None
    assert right is not None
    assert (left.d, left.x + right.x, left.y) == (right.d, 1000, right.y)
    assert (drawn["left"].mirrored, drawn["right"].mirrored) == (False, True)


def test_a_body_that_nobody_drew_is_said_so() -> None:
    with pytest.raises(LookupError):
        drawings("truck")


@pytest.mark.parametrize("body", BODIES)
def test_the_sheet_is_printed_with_the_drawing(session: Session, cast: Cast, body: str) -> None:
    order = an_order(session, cast)
    walk = walk_arounds.of_order(session, order)
    walk.body = body
    walk_arounds.damage(session, walk, by=cast.chen)
    walk_arounds.walk(session, walk, by=cast.chen)
    walk_arounds.sign(session, order, by=cast.chen)
    paper = session.query(Paper).filter_by(kind="walk_around_sheet").one()
    shapes = sum(len(one.shapes) for one in drawings(body).values())
    page = pdf.page(paper.kind, paper.content, "https://huanche.example/papers/1")
    begins = page.index('<div class="drawn">')
    drawn = page[begins : page.index("</svg>", begins)]
    assert len(re.findall(r"<path ", drawn)) == shapes
    assert ">1</text>" in drawn
    photos = {str(file.id): read(file) for file in session.query(File).all()}
    assert pdf.render(paper.kind, paper.content, photos, "https://huanche.example/papers/1").startswith(b"%PDF")
