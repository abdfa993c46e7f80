import pytest
from sqlalchemy import Engine

from core.errors import Misconfigured
from core.messages import Address
from ledger.posts import Posts

THREAD = Address(platform="terminal", workspace="local", channel="desk", thread="t1")
OTHER = THREAD.model_copy(update={"thread": "t2"})


@pytest.fixture
def posts(engine: Engine) -> Posts:
    return Posts(engine)


def test_a_post_has_an_address_of_its_own_in_its_thread(posts: Posts) -> None:
    where = posts.post(THREAD, "k1", {"text": "…", "final": False})
    assert where.message
    assert where.model_copy(update={"message": ""}) == THREAD
    (post,) = posts.read(THREAD)
    assert (post.address, post.key, post.payload, post.revision) == (
        where,
        "k1",
        {"text": "…", "final": False},
        0,
    )


def test_the_same_post_twice_stands_there_twice_in_order(posts: Posts) -> None:
    first = posts.post(THREAD, "k1", {"text": "…", "final": False})
    second = posts.post(THREAD, "k1", {"text": "…", "final": False})
    posts.post(OTHER, "k1", {"text": "elsewhere", "final": True})
    assert [post.address for post in posts.read(THREAD)] == [first, second]


def test_an_update_replaces_the_text_and_counts(posts: Posts) -> None:
    where = posts.post(THREAD, "k1", {"text": "…", "final": False})
    posts.update(where, {"text": "half", "final": False})
    posts.update(where, {"text": "whole", "final": True})
    latest = posts.latest("k1")
    assert latest is not None
    assert (latest.payload, latest.revision) == ({"text": "whole", "final": True}, 2)


@pytest.mark.parametrize("message", ["", "999", "nonsense"])
def test_an_update_of_no_message_is_refused(posts: Posts, message: str) -> None:
    posts.post(THREAD, "k1", {"text": "…", "final": False})
    with pytest.raises(Misconfigured, match="no such message"):
        posts.update(THREAD.model_copy(update={"message": message}), {"text": "text", "final": True})


def test_a_message_is_not_updated_from_another_thread(posts: Posts) -> None:
    where = posts.post(THREAD, "k1", {"text": "mine", "final": False})
    with pytest.raises(Misconfigured, match="no such message"):
        posts.update(OTHER.model_copy(update={"message": where.message}), {"text": "yours", "final": True})
    assert [post.payload["text"] for post in posts.read(THREAD)] == ["mine"]


def test_the_newest_message_with_a_key_is_found_in_its_thread(posts: Posts) -> None:
    posts.post(THREAD, "k1", {"text": "first", "final": False})
    newest = posts.post(THREAD, "k1", {"text": "second", "final": False})
    posts.post(THREAD, "k2", {"text": "another's", "final": False})
    posts.post(OTHER, "k1", {"text": "elsewhere", "final": False})

    assert posts.find(THREAD, "k1") == newest
    assert posts.find(THREAD, "k3") is None
    latest = posts.latest("k1")
    assert latest is not None
    assert latest.payload["text"] == "elsewhere"
    assert posts.latest("k3") is None
