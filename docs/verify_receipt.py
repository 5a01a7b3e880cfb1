#!/usr/bin/env python3
"""Check a proof from a Yiting ledger on your own computer; needs nothing but Python 3.9 or later.

python3 verify_receipt.py proof.json [--word NAME=FILE] [--key NAME+ID+KEY]
  --word  a text that the entry commits to, such as text=what-i-said.txt
  --key   the ledger's public key as you noted it earlier, instead of the one in the proof
"""
import argparse, base64, hashlib, json, sys  # noqa: E401 - one short file
from pathlib import Path

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)  # noqa: E741 - as RFC 8032 names them


def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        q, p, n = (add(q, p) if n & 1 else q), add(p, p), n >> 1
    return q


def point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & 2**255 - 1
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if (x * x - x2) % P == 0 else x * I % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign): raise ValueError("not a point")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def signed(key, text, signature):  # Ed25519, RFC 8032
    s, base = int.from_bytes(signature[32:], "little"), point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    left, right = times(s, base), add(point(signature[:32]), times(h, point(key)))
    return s < L and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def root_of(leaf, index, size, path):  # RFC 9162, 2.1.3.2
    fn, sn, reached = index, size - 1, leaf
    for step in map(bytes.fromhex, path):
        if fn & 1 or fn == sn:
            reached = sha(b"\1", step, reached)
            while not fn & 1 and fn: fn, sn = fn >> 1, sn >> 1
        else: reached = sha(b"\1", reached, step)
        fn, sn = fn >> 1, sn >> 1
    return reached if sn == 0 else None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("proof"), options.add_argument("--word", action="append", default=[]), options.add_argument("--key")
    asked = options.parse_args()
    proof = json.loads(Path(asked.proof).read_text("utf-8"))
    entry, opening, checks = json.loads(proof["entry"]), proof.get("opening"), {}
    reached = root_of(sha(b"\0", proof["entry"].encode()), entry["index"], proof["size"], proof["path"])
    checks["the entry stands in the tree under this root"] = bool(reached) and reached.hex() == proof["root"]
    if opening:
        opened = '{"facts":%s,"words":%s}' % (opening["facts"], opening["words"])
        checks["facts and words are those committed to"] = sha(bytes.fromhex(opening["salt"]), opened.encode()).hex() == entry["commitment"]
    for name, file in (word.split("=", 1) for word in asked.word):
        digest = sha(bytes.fromhex(opening["salt"]), Path(file).read_bytes()).hex() if opening else ""
        checks[f"the text of {name} is the one committed to"] = bool(opening) and json.loads(opening["words"]).get(name) == digest
    if proof.get("checkpoint"):
        body, _, lines = proof["checkpoint"].partition("\n\n")
        name, _, key = (asked.key or proof["verifier_key"]).split("+", 2)
        marks = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if line.split(" ")[1] == name]
        checks["the root is signed by the ledger's key"] = any(signed(base64.b64decode(key)[1:], body.encode() + b"\n", mark[4:]) for mark in marks)
        checks["the signature is about this size and root"] = body.split("\n")[1:3] == [str(proof["size"]), base64.b64encode(bytes.fromhex(proof["root"])).decode()]
    for what, holds in checks.items(): print("holds" if holds else "DOES NOT HOLD", "-", what)
    sys.exit(0 if all(checks.values()) else 1)


if __name__ == "__main__": main()
