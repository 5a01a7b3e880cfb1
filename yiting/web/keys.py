"""The secrets of an installation, made on first use under the data folder with owner-only rights."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from cryptography.fernet import Fernet


def prepare(data_dir: Path) -> None:
    """Make the data folder with its folders for keys and collected static files."""
    (data_dir / "keys").mkdir(parents=True, exist_ok=True)
    (data_dir / "static").mkdir(exist_ok=True)
    (data_dir / "keys").chmod(0o700)


def secret(data_dir: Path, name: str, fresh: str) -> str:
    """Return the secret kept under `name`; the first caller's `fresh` value becomes it."""
    path = data_dir / "keys" / f"{name}.key"
    draft = path.with_suffix(f".{os.getpid()}")
    if not path.exists():
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(fresh)
        # a link is atomic and never overwrites: two processes starting at once agree on one secret
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def cipher_keys(data_dir: Path) -> list[str]:
    """Return the Fernet keys, newest first; one is made when there is none. A new first line rotates them."""
    return secret(data_dir, "cipher", Fernet.generate_key().decode()).split()
