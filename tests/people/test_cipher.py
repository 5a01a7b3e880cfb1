"""Encryption at rest, key rotation and blind indexes."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from yiting.people import cipher
from yiting.people.errors import RecordUnreadable
from yiting.people.sessions import SealedSerializer


def test_what_is_sealed_opens_again_and_shows_nothing():
    sealed = cipher.encrypt("仁和家园3号楼")
    assert "仁和" not in sealed
    assert cipher.decrypt(sealed) == "仁和家园3号楼"


def test_the_same_text_is_sealed_differently_each_time():
    assert cipher.encrypt("13800001111") != cipher.encrypt("13800001111")


def test_nothing_stays_nothing():
    assert cipher.encrypt("") == cipher.decrypt("") == cipher.rotate("") == ""


def test_a_key_can_be_changed_while_old_texts_still_open(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.YITING_KEYS = [old]
    sealed = cipher.encrypt("张大妈")
    settings.YITING_KEYS = [new, old]
    assert cipher.decrypt(sealed) == "张大妈"
    resealed = cipher.rotate(sealed)
    settings.YITING_KEYS = [new]
    assert cipher.decrypt(resealed) == "张大妈"
    with pytest.raises(RecordUnreadable):
        cipher.decrypt(sealed)


def test_a_text_changed_behind_our_back_is_refused():
    sealed = cipher.encrypt("张大妈")
    with pytest.raises(RecordUnreadable):
        cipher.decrypt(sealed[:-4] + "AAA=")
    with pytest.raises(RecordUnreadable):
        cipher.rotate("not sealed at all")


def test_equal_texts_meet_in_the_index_however_they_are_typed():
    assert cipher.blind_index("key:a", "Ａ0001 ") == cipher.blind_index("key:a", "a0001")


def test_the_index_of_one_kind_says_nothing_about_another():
    assert cipher.blind_index("phone", "1") != cipher.blind_index("home", "1")


def test_the_index_needs_its_key(settings):
    before = cipher.blind_index("phone", "+8613800001111")
    settings.YITING_INDEX_KEY = b"another key"
    assert cipher.blind_index("phone", "+8613800001111") != before


def test_sessions_are_sealed():
    data = {"phone": "+8613800001111", "名": "张"}
    sealed = SealedSerializer().dumps(data)
    assert b"1380000" not in sealed
    assert SealedSerializer().loads(sealed) == data


def test_a_stored_session_shows_nothing_and_survives_a_lost_key(db, settings):
    assert settings.SESSION_SERIALIZER == "yiting.people.sessions.SealedSerializer"
    store = SessionStore()
    store["phone"] = "+8613800001111"
    store.save()
    assert SessionStore(store.session_key)["phone"] == "+8613800001111"
    assert Session.objects.get().session_data
    settings.YITING_KEYS = [Fernet.generate_key().decode()]
    assert SessionStore(store.session_key).get("phone") is None
