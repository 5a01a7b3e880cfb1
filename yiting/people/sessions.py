"""Sessions sealed at rest: a sign-in under way keeps the telephone number in the session."""

from typing import Any

from django.core.signing import JSONSerializer

from yiting.people import cipher


class SealedSerializer:
    """Django's JSON serializer with the text encrypted; what no key opens is an empty session to Django."""

    def dumps(self, obj: Any) -> bytes:
        """Turn a session into a sealed text."""
        return cipher.encrypt(JSONSerializer().dumps(obj).decode("latin-1")).encode()

    def loads(self, data: bytes) -> Any:
        """Open a sealed session."""
        return JSONSerializer().loads(cipher.decrypt(data.decode()).encode("latin-1"))
