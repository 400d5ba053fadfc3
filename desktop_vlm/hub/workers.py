"""The threads that fetch the parts of files, and who gets which part.

The first request for a file goes alone: it shows whether its server sends parts at all, and which version it has. Then
every thread takes the next part. A file whose parts are all there is verified by the thread that brought the last one.
"""

from __future__ import annotations

import threading
import time

from desktop_vlm.hub import refusals
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.client import Client
from desktop_vlm.hub.file_task import FileTask
from desktop_vlm.hub.partial import Part
from desktop_vlm.hub.progress import Meter
from desktop_vlm.hub.refusals import Refusal
from desktop_vlm.hub.verified import Verified, digest_matches, flush
from desktop_vlm.hub.waiting import POLL_S, Transient, Tries, pause, wait_notice

_MOST_RESTARTS = 3


class _StoppedError(Exception):
    """The download is to end."""


class Workers:
    """Fetches files with several threads."""

    def __init__(self, access: Access, tasks: list[FileTask], meter: Meter, verified: Verified, count: int) -> None:
        self._client = Client(access)
        self._patience = access.patience
        self._tasks = tasks
        self._open = list(tasks)
        self._meter = meter
        self._verified = verified
        self._count = count
        self._turn = threading.Condition()
        self._stop = threading.Event()
        self._over = threading.Event()
        self._error: BaseException | None = None
        self._not_before_s = 0.0

    def run(self) -> None:
        """Fetch everything; returns when all is there.

        Raises:
            Refusal: a file cannot be had.
            Cancelled: the listener raised it, or whatever else it did.
        """
        try:
            self._meter.tick()
            threads = [
                threading.Thread(target=self._work, daemon=True, name="hub download") for _ in range(self._count)
            ]
            for thread in threads:
                thread.start()
            while self._open and not self._over.wait(POLL_S):
                self._meter.tick()
            self._meter.tick()
            if self._error is not None:
                raise self._error
        finally:
            self._end()

    def _end(self) -> None:
        """No byte is written after this; threads that wait for a server are left to themselves."""
        self._stop.set()
        for task in self._tasks:
            task.partial.close()
        with self._turn:
            self._turn.notify_all()
        self._client.close()

    def _work(self) -> None:
        try:
            while (task := self._take()) is not None:
                self._serve(task)
        except _StoppedError:
            return
        except BaseException as error:  # noqa: BLE001 - raised in the caller's thread
            with self._turn:
                if not self._stop.is_set():
                    self._error = error
                    self._stop.set()
                self._over.set()
                self._turn.notify_all()

    def _take(self) -> FileTask | None:
        """A file to do something for; waits while there may be one later; `None` when all are done."""
        with self._turn:
            while self._open:
                self._check_stop()
                task = next((task for task in self._open if task.is_free), None)
                if task is not None:
                    task.running += 1
                    return task
                self._turn.wait(POLL_S)
        return None

    def _serve(self, task: FileTask) -> None:
        """Fetch a part of `task`, or verify it."""
        try:
            with self._turn:
                is_alone = task.running == 1
                task.partial.open()
                if not task.waiting and is_alone:
                    task.waiting.extend(task.partial.missing())
                part = task.waiting.popleft() if task.waiting else None
                generation = task.partial.generation
            if part is not None:
                self._fetch(task, part, generation)
            elif is_alone:
                self._finish(task)
        finally:
            with self._turn:
                task.running -= 1
                self._turn.notify_all()

    def _fetch(self, task: FileTask, part: Part, generation: int) -> None:
        """Bring one part, however often the connection breaks off; ends early where the file starts over."""
        tries = Tries(self._patience)
        while (first := task.partial.position(generation, part)) < part.end:
            pause(self._not_before_s - time.monotonic(), self._check_stop)
            try:
                self._fetch_once(task, part, first, generation, tries)
            except Transient as failure:
                if failure.status == 416 and first > 0:
                    self._start_over(task, generation, "The server has less of {} than before: it starts over.")
                    continue
                wait_s = tries.wait_s(failure)
                self._meter.say(wait_notice(failure, wait_s))
                if failure.wait_s is not None:  # asked of all of us
                    self._not_before_s = time.monotonic() + wait_s
                pause(wait_s, self._check_stop)

    def _fetch_once(self, task: FileTask, part: Part, first: int, generation: int, tries: Tries) -> None:
        with self._client.get(task.url, task.about, task.file.size, first, part.end) as reply:
            if not task.partial.name_version(generation, reply.etag):
                self._start_over(task, generation, "{} has changed on the hub: it starts over.")
                return
            if reply.first != first or reply.end > part.end:
                generation = self._take_whole(task, generation)
                part = Part(0, 0, task.file.size)
            with self._turn:
                task.is_known = True
                self._turn.notify_all()
            for chunk in reply.chunks():
                self._check_stop()
                if not task.partial.write(generation, part.index, chunk):
                    return
                tries.gained(len(chunk))
                self._meter.arrived(task.file.path, len(chunk))

    def _take_whole(self, task: FileTask, generation: int) -> int:
        """The server does not send parts: the file becomes a single one, which begins here; its generation."""
        with self._turn:
            if generation != task.partial.generation:  # another thread found out before
                return generation
            if task.partial.done_bytes:
                refusal = refusals.gave_up(task.about, "the server cannot go on where it stopped")
                self._count_restart(task, "The server cannot go on with {} where it stopped: it starts over.", refusal)
            task.waiting.clear()
            return task.partial.restart(part_bytes=task.file.size)

    def _start_over(self, task: FileTask, generation: int, note: str) -> None:
        """Drop what there is of a file, unless another thread did so already."""
        with self._turn:
            if generation != task.partial.generation:
                return
            self._count_restart(task, note, refusals.keeps_changing(task.about))
            task.waiting.clear()
            task.is_known = False
            task.partial.restart()

    def _count_restart(self, task: FileTask, note: str, refusal: Refusal) -> None:
        task.restarts += 1
        if task.restarts > _MOST_RESTARTS:
            raise refusal
        self._meter.say(note.format(task.file.path))

    def _finish(self, task: FileTask) -> None:
        """Verify a file whose parts are all there, and give it its name."""
        self._meter.verifies(task.file.path)
        if digest_matches(task.partial.path, task.file, self._check_stop):
            flush(task.partial.path)
            if not task.partial.keep(task.target):
                raise _StoppedError
            flush(task.target.parent)
            with self._turn:
                self._verified.note(task.target, task.file)
                self._open.remove(task)
                if not self._open:
                    self._over.set()
            return
        if task.was_damaged:
            task.partial.remove()
            raise refusals.damaged(task.about)
        task.was_damaged = True
        note = "{} arrived with another content than the hub lists: it starts over."
        self._start_over(task, task.partial.generation, note)

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise _StoppedError
