"""The demo as somebody runs it: `yiting demo --serve` in a process of its own, over a data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_PASSED_ON = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "YITING_DATA_DIR", "YITING_DEBUG", "PORT"}
TRIES, PAUSE = 480, 0.25


@dataclass(frozen=True, slots=True)
class Site:
    """A served demo: where it answers, where its data lie, and what is behind its pages."""

    url: str
    folder: Path

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the site's database, without a chance to change it."""
        address = f"file:{self.folder / 'yiting.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=20)) as connection:
            return connection.execute(question, values).fetchall()

    def one(self, question: str, *values: Any) -> Any:
        """The first field of the first row."""
        return self.rows(question, *values)[0][0]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a `yiting` command over the site's data."""
        return command(self.folder, *words)


def environment(folder: Path) -> dict[str, str]:
    """The environment of somebody at home, not that of the test run."""
    passed = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    return passed | {"YITING_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a `yiting` command over a data folder, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "yiting.cli", *words],
        env=environment(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def play_demo(folder: Path) -> None:
    """Play the demo into a folder, once for all who walk a copy of it."""
    done = command(folder, "demo")
    if done.returncode:
        raise RuntimeError(f"the demo cannot be played in:\n{done.stderr[-4000:]}")


@contextmanager
def serve_demo(folder: Path) -> Iterator[Site]:
    """Serve the demo, played in already or now, until the block ends; then end the processes that were begun here."""
    port = _free_port()
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "yiting.cli", "demo", "--serve", "--port", str(port)],
            env=environment(folder),
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        site = Site(url=f"http://127.0.0.1:{port}", folder=folder)
        _wait_for_answer(f"{site.url}/about/", process, log)
        yield site
    finally:
        _end(process)


def _wait_for_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(TRIES):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        try:
            process.wait(timeout=PAUSE)
        except subprocess.TimeoutExpired:
            continue
        break
    raise RuntimeError(f"the demo does not serve:\n{log.read_text('utf-8', 'replace')[-4000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server, its workers and the task worker: the group whose leader was started here."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(timeout=25)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
    process.wait(timeout=5)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
