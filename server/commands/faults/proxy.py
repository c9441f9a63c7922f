"""The network between device and house, and everything that can be wrong with it."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Any, Self

from server.commands.faults import http1
from server.commands.faults.http1 import Message
from server.commands.faults.modes import CUTTING, ON_DELIVERIES, Chooser, Mode, deeds, everything, instead


class Proxy:
    """Between a port of its own and the house's; `struck` counts how often each fault really happened."""

    def __init__(self, house: int) -> None:
        self.house = house
        self.port = 0
        self.struck: Counter[Mode] = Counter()
        self.keys: Counter[str] = Counter()
        """How often each deed went into the house."""
        self.replayed = 0
        """Answers that the house gave from its receipts."""
        self.under_way = 0
        """Deeds that the house has and has not answered."""
        self.slow = 0.0
        """Seconds for which an answer to a deed is held back."""
        self.on_delivery: Callable[[int], None] | None = None
        """Told the number of each deed once the house has it."""
        self.on_answer: Callable[[int], bool] | None = None
        """Told the number of each deed once the house has answered it; says whether the answer gets through."""
        self._mode, self._chosen, self._times = Mode.PASS, everything, 0
        self._open: set[asyncio.StreamWriter] = set()
        self._listening: asyncio.Server | None = None
        self._changed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> str:
        """Where the device finds the house."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def deliveries(self) -> int:
        """Deeds that went into the house, again and again ones included."""
        return self.keys.total()

    @property
    def mode(self) -> Mode:
        """How the network is now; a fault that has struck its times has passed."""
        return self._mode

    def become(self, mode: Mode, *, only: Chooser | None = None, times: int = 1_000_000) -> None:
        """Be so from now on: for what `only` chooses, and so many times."""
        self._do(self._become(mode, only or (deeds if mode in ON_DELIVERIES else everything), times))

    def flap(self, seed: int, turns: int) -> "Future[None]":
        """Begin to come and go so many times, each time in another way; ends passing."""
        dice = Random(seed)  # noqa: S311 -- dice of a trial
        return asyncio.run_coroutine_threadsafe(self._flap(dice, turns), self._loop)

    def _do(self, deed: Coroutine[Any, Any, None], patience: float = 10.0) -> None:
        asyncio.run_coroutine_threadsafe(deed, self._loop).result(patience)

    async def _listen(self) -> None:
        door = socket.create_server(("127.0.0.1", self.port))
        self.port = int(door.getsockname()[1])
        self._listening = await asyncio.start_server(self._served, sock=door, limit=http1.MOST)

    async def _close(self) -> None:
        await self._become(Mode.REFUSE, everything, 1)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def _become(self, mode: Mode, only: Chooser, times: int) -> None:
        self._mode, self._chosen, self._times = mode, only, times
        self._changed.set()
        self._changed = asyncio.Event()
        if mode in CUTTING:
            for writer in list(self._open):
                writer.transport.abort()
        if mode is Mode.REFUSE and self._listening:
            self._listening.close()
            self._listening = None
            await self._knock_in_vain()
        elif mode is not Mode.REFUSE and self._listening is None:
            await self._listen()

    async def _knock_in_vain(self) -> None:
        """What nobody takes nobody counts, so we try the door ourselves."""
        try:
            await asyncio.open_connection("127.0.0.1", self.port)
        except ConnectionRefusedError:
            self.struck[Mode.REFUSE] += 1

    async def _flap(self, dice: Random, turns: int) -> None:
        for _ in range(turns):
            mode = dice.choice([Mode.RESET, Mode.REFUSE, Mode.BLACKHOLE, Mode.CUT])
            await self._become(mode, deeds if mode in ON_DELIVERIES else everything, 1_000_000)
            await asyncio.sleep(dice.uniform(0.05, 0.3))
            await self._become(Mode.PASS, everything, 0)
            await asyncio.sleep(dice.uniform(0.1, 0.6))

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while (asked := await http1.request(reader)) is not None:
                if not await self._answered(asked, writer):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # a fault of ours or a browser that goes: either way this connection is over
        finally:
            self._open.discard(writer)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _answered(self, asked: Message, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        mode = self._strike(asked)
        if mode is Mode.BLACKHOLE:
            await self._changed.wait()
        if mode in (Mode.RESET, Mode.BLACKHOLE, Mode.REFUSE):
            writer.transport.abort()
            return False
        if mode in (Mode.PORTAL, Mode.TROUBLE):
            writer.write(instead(mode))
            await writer.drain()
            return True
        answer, gets_through = await self._forwarded(asked)
        if mode is Mode.CUT or not gets_through:
            writer.transport.abort()
            return False
        writer.write(answer.raw)
        await writer.drain()
        return "close" not in answer.fields.get("connection", "")

    def _strike(self, asked: Message) -> Mode:
        """What happens to this one."""
        if self._mode is Mode.PASS or self._times <= 0 or not self._chosen(asked):
            return Mode.PASS
        self._times -= 1
        self.struck[self._mode] += 1
        return self._mode

    async def _forwarded(self, asked: Message) -> tuple[Message, bool]:
        number = 0
        if asked.key:
            self.keys[asked.key] += 1
            number = self.deliveries
        reader, writer = await asyncio.open_connection("127.0.0.1", self.house, limit=http1.MOST)
        self.under_way += bool(number)
        try:
            writer.write(asked.raw)
            await writer.drain()
            if number and self.on_delivery:
                self.on_delivery(number)
            answer = await http1.answer(reader)
        finally:
            self.under_way -= bool(number)
            with suppress(OSError):
                writer.close()
        return answer, not number or await self._noted(number, answer)

    async def _noted(self, number: int, answer: Message) -> bool:
        """Whether the answer to a deed gets through."""
        self.replayed += answer.fields.get("idempotent-replayed") == "true"
        await asyncio.sleep(self.slow)
        return self.on_answer is None or self.on_answer(number)
