"""Model files: a zip of one JSON header and plain numpy arrays, each with its check sum. Nothing in it is ever run."""

import json
import lzma
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.categories.suggestions import ModelUnreadable

FORMAT: Final = "yiting categories"
VERSION: Final = 1
"""To be raised with any change of how terms are made or weighed: the numbers in older files would mean other things."""
_HEADER: Final = "header.json"
_ALWAYS: Final = (1980, 1, 1, 0, 0, 0)
_LARGEST: Final = 2**31

Arrays = Mapping[str, NDArray[Any]]


def model_write(path: Path, header: Mapping[str, object], arrays: Arrays) -> None:
    """Write `path`, whole or not at all; the same model gives the same bytes."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
                text = json.dumps({"format": FORMAT, "version": VERSION, **header}, ensure_ascii=False, sort_keys=True)
                pack.writestr(_entry(_HEADER), text)
                for name, array in arrays.items():
                    content = BytesIO()
                    np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
                    pack.writestr(_entry(f"{name}.npy"), content.getvalue())
            file.flush()
            os.fsync(file.fileno())
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def model_read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return header and arrays. Raises ModelUnreadable for what is no whole model file of this version."""
    try:
        with zipfile.ZipFile(path) as pack:
            if sum(entry.file_size for entry in pack.infolist()) > _LARGEST:
                raise ModelUnreadable("it unpacks to more than two gigabytes")
            header = json.loads(pack.read(_HEADER))
            if not isinstance(header, dict) or header.get("format") != FORMAT:
                raise ModelUnreadable("it is no category model")
            if header.get("version") != VERSION:
                raise ModelUnreadable(f"it is of version {header.get('version')}, this program reads {VERSION}")
            names = [name for name in pack.namelist() if name != _HEADER]
            arrays = {name.removesuffix(".npy"): _array(pack.read(name)) for name in names}
    except (FileNotFoundError, PermissionError):
        raise
    except (
        OSError,  # a folder, or packed data that another unpacker refuses
        OverflowError,
        lzma.LZMAError,
        struct.error,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        RecursionError,
    ) as error:
        if isinstance(error, ModelUnreadable):
            raise
        raise ModelUnreadable("it is damaged, cut short or no category model") from error
    return header, arrays


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ALWAYS)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _array(content: bytes) -> NDArray[Any]:
    return np.lib.format.read_array(BytesIO(content), allow_pickle=False)
