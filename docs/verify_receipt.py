#!/usr/bin/env python3
"""Check a proof from a Yiting ledger on your own computer. It needs Python 3.9 or later and nothing else.

    python3 verify_receipt.py proof.json --root MARK --word text=what-i-said.txt

--root is the mark of all entries as you copied it from the ledger's page; --word is a text that the entry
commits to, kept in a UTF-8 file. docs/reference/ledger.md tells what is hashed. The signature under the
checkpoint is not checked here: any program for signed notes does that with the ledger's public key.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path


def sha256(*parts: bytes) -> bytes:
    """Hash some bytes."""
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaf: bytes, index: int, size: int, path: list) -> bytes:
    """Climb from a leaf to the root, as RFC 9162 section 2.1.3.2 says; empty where the path cannot be one."""
    fn, sn, reached = index, size - 1, leaf
    for step in (bytes.fromhex(text) for text in path):
        if sn <= 0:
            return b""
        if fn & 1 or fn == sn:
            reached = sha256(b"\x01", step, reached)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            reached = sha256(b"\x01", reached, step)
        fn, sn = fn >> 1, sn >> 1
    return reached if sn == 0 else b""


def check(proof: dict, noted_root: str, words: dict) -> dict:
    """Say of each thing that can be checked whether it holds."""
    entry, opening = json.loads(proof["entry"]), proof.get("opening")
    leaf = sha256(b"\x00", proof["entry"].encode())
    root = root_of(leaf, entry["index"], proof["size"], proof["path"]).hex()
    holds = {"The entry stands in the tree.": root == proof["root"] and entry["index"] < proof["size"]}
    if noted_root:
        holds["The tree is the one whose mark you noted."] = root == noted_root.lower()
    if proof.get("checkpoint"):
        said = proof["checkpoint"].split("\n")[1:3]
        holds["The checkpoint is about this tree."] = said == [
            str(proof["size"]),
            base64.b64encode(bytes.fromhex(root)).decode(),
        ]
    salt = bytes.fromhex(opening["salt"]) if opening else b""
    if opening:
        opened = '{"facts":' + opening["facts"] + ',"words":' + opening["words"] + "}"
        holds["The facts are those taken down."] = sha256(salt, opened.encode()).hex() == entry["commitment"]
    for name, text in words.items():
        digest = json.loads(opening["words"]).get(name) if opening else None
        holds[f"The text of “{name}” is the one taken down."] = digest == sha256(salt, text).hex()
    return holds


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Check a proof from a Yiting ledger.")
    options.add_argument("proof", type=Path)
    options.add_argument("--root", default="")
    options.add_argument("--word", action="append", default=[], metavar="NAME=FILE")
    asked = options.parse_args()
    texts = {name: Path(file).read_bytes() for name, _, file in (word.partition("=") for word in asked.word)}
    results = check(json.loads(asked.proof.read_text("utf-8")), asked.root, texts)
    for sentence, is_so in results.items():
        print("holds:        " if is_so else "DOES NOT HOLD:", sentence)
    sys.exit(0 if all(results.values()) else 1)
