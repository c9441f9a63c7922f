"""Live screens: one watcher in every process looks for what is new and tells all boards that are open there.

However many screens there are, the database is asked once: for the end of the store's record of events, which
moves with every deed of every process, and for the board when it has moved. Each card is drawn once for each
language, and only when it has become another one.
"""

import threading
from asyncio import AbstractEventLoop, Queue, QueueFull
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import structlog
from sqlalchemy import select

from server.database import EVERY_STORE, Database, now
from server.domain.people import Store
from server.domain.records.events import EventHead
from server.domain.workshop.board import BAY, STUCK, TECHNICIAN, Board, Card
from server.domain.workshop.board_reading import read
from server.rendering import environment

LOOK = 0.25
"""Seconds between two looks at the record of events."""
TICK = 15.0
"""Seconds after which a board is read though nothing happened: time itself makes cars late."""
BACKLOG = 50
"""Words that a screen may be behind; one that is further behind begins anew."""
log = structlog.get_logger()


@dataclass(eq=False)
class Screen:
    """One open board. `None` in its queue: begin anew."""

    store_id: UUID
    language: str
    loop: AbstractEventLoop
    words: Queue[bytes | None] = field(default_factory=lambda: Queue(BACKLOG))

    def tell(self, word: bytes | None) -> None:
        """From the watcher's thread into the screen's loop."""
        with suppress(RuntimeError):  # the loop has ended with its screen
            self.loop.call_soon_threadsafe(self._put, word)

    def _put(self, word: bytes | None) -> None:
        try:
            self.words.put_nowait(word)
        except QueueFull:
            self.words = Queue(BACKLOG)
            self.words.put_nowait(None)


class Room:
    """The board of one store, with the screens that show it."""

    def __init__(self, database: Database, store_id: UUID) -> None:
        self.database, self.store_id = database, store_id
        self.screens: set[Screen] = set()
        self.position = -1
        self.read_at = 0.0
        with database.session(writing=False, store=store_id) as session:
            self.zone = ZoneInfo(session.get_one(Store, store_id).timezone)
            self.board = read(session, store_id, now())

    def refresh(self, position: int) -> None:
        """Read the board again, and tell the screens of what has changed on it."""
        self.position, self.read_at = position, monotonic()
        with self.database.session(writing=False, store=self.store_id) as session:
            board = read(session, self.store_id, now())
        before, self.board = self.board, board
        if before.version == board.version:
            return
        if (before.by_bay, before.by_technician) != (board.by_bay, board.by_technician):
            self._tell_all(None)  # another bay, or somebody new: the page has other columns
            return
        known = {card.id: card for card in before.cards}
        changed = [card for card in board.cards if known.pop(card.id, None) != card]
        for language in {screen.language for screen in self.screens}:
            word = message(board, changed, list(known), language, self.zone)
            self._tell_all(word, language)

    def whole(self, language: str) -> bytes:
        """All cards, for a screen that shows another version."""
        return message(self.board, self.board.cards, None, language, self.zone)

    def _tell_all(self, word: bytes | None, language: str = "") -> None:
        for screen in tuple(self.screens):
            if language in ("", screen.language):
                screen.tell(word)


class Watcher:
    """The thread that looks while a screen is open, and only then."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._rooms: dict[UUID, Room] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def open(self, screen: Screen, seen: str) -> None:
        """From now on the screen is told; first of all what it does not show yet."""
        with self._lock:
            room = self._rooms.get(screen.store_id)
            if room is None:
                room = self._rooms[screen.store_id] = Room(self.database, screen.store_id)
            room.screens.add(screen)
            if room.board.version != seen:
                screen.tell(room.whole(screen.language))
            if self._thread is None:
                self._thread = threading.Thread(target=self._walk, name="live", daemon=True)
                self._thread.start()

    def close(self, screen: Screen) -> None:
        """It is shown no more. Called from the loop of all screens, so it waits for nobody."""
        room = self._rooms.get(screen.store_id)
        if room is not None:
            room.screens.discard(screen)

    @property
    def screens(self) -> int:
        """How many are open in this process."""
        with self._lock:
            return sum(len(room.screens) for room in self._rooms.values())

    def _walk(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK) and self._is_watched():
            try:
                self._look()
            except Exception as fault:  # the database may be away: the screens stay, and it is asked again
                log.error("live", exc_info=fault)

    def _is_watched(self) -> bool:
        with self._lock:
            self._rooms = {store: room for store, room in self._rooms.items() if room.screens}
            if not self._rooms:
                self._thread = None
            return bool(self._rooms)

    def _look(self) -> None:
        heads = self._heads(tuple(self._rooms))
        for store_id, position in heads.items():
            with self._lock:
                room = self._rooms.get(store_id)
                if room and (room.position != position or monotonic() - room.read_at > TICK):
                    room.refresh(position)

    def _heads(self, stores: tuple[UUID, ...]) -> Mapping[UUID, int]:
        query = select(EventHead.store_id, EventHead.position).where(EventHead.store_id.in_(stores))
        with self.database.session(writing=False, store=EVERY_STORE) as session:
            return {row.store_id: row.position for row in session.execute(query)}


def drawn(card: Card, language: str, zone: ZoneInfo) -> str:
    """A card as the page shows it."""
    return environment(language).get_template("board/_card.html").render(
        card=card, language=language, zone=zone, stuck=STUCK
    )  # fmt: skip


def message(board: Board, cards: list[Card] | tuple[Card, ...], gone: list[UUID] | None, language: str,
            zone: ZoneInfo) -> bytes:  # fmt: skip
    """One event: cards that are new or other than before, and those that are gone; None: these are all there are."""
    told = [
        {"id": card.id, "rank": card.rank, BAY: card.bay, TECHNICIAN: card.technician,
         "html": drawn(card, language, zone)}
        for card in cards
    ]  # fmt: skip
    word = msgspec.json.encode({"cards": told, "gone": gone, "late": board.held_up})
    return b"event: cards\nid: %s\ndata: %s\n\n" % (board.version.encode(), word)
