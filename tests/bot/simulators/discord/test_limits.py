"""Rate limits, the ban for bad requests, and failures on order."""

import httpx
import pytest

from bot.simulators.discord import DiscordSimulator, Fault, Person
from bot.simulators.discord.errors import RateLimited
from bot.simulators.discord.rules.limits import INVALID, USUAL
from bot.simulators.discord.state.channels import Channel

CREATE = "POST /channels/{channel_id}/messages"


def post(http: httpx.Client, channel: Channel) -> httpx.Response:
    return http.post(f"/channels/{channel.id}/messages", json={"content": "x"})


def test_a_bucket_empties_says_so_and_fills_again(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    first = post(http, general)
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("5", "4")
    for _ in range(4):
        assert post(http, general).is_success
    limited = post(http, general)
    assert limited.status_code == 429
    assert 0 < limited.json()["retry_after"] <= 5
    assert limited.json()["global"] is False
    assert (limited.headers["X-RateLimit-Scope"], limited.headers["Via"]) == ("user", "1.1 google")
    other = simulator.channel("other")
    assert post(http, other).headers["X-RateLimit-Bucket"] == first.headers["X-RateLimit-Bucket"]
    simulator.clock.advance(5)
    assert post(http, general).is_success
    assert [finding.rule for finding in simulator.findings] == ["http 429"]


def test_a_bot_makes_fifty_requests_a_second(simulator: DiscordSimulator) -> None:
    limits = simulator.limits
    for n in range(50):
        limits.count("GET /users/{user_id}", str(n), USUAL, of_bot=True)
    limits.count("POST /webhooks/{application_id}/{token}", "t", USUAL, of_bot=False)
    with pytest.raises(RateLimited) as caught:
        limits.count("GET /guilds/{guild_id}", "1", USUAL, of_bot=True)
    assert caught.value.to_json()["global"] is True
    simulator.clock.advance(1)
    limits.count("GET /guilds/{guild_id}", "1", USUAL, of_bot=True)


def test_ten_thousand_bad_requests_shut_the_address_out(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    assert httpx.get(f"{simulator.api_url}/users/@me").status_code == 401
    assert simulator.limits.invalid_count == 1
    for _ in range(INVALID - 1):
        simulator.limits.invalid()
    banned = post(http, general)
    assert (banned.status_code, banned.text) == (429, "error code: 1015")
    assert "Via" not in banned.headers
    simulator.clock.advance(601)
    assert post(http, general).is_success


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failure_on_order_comes_once(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel, status: int
) -> None:
    simulator.api.fail(CREATE, Fault(status))
    assert post(http, general).status_code == status
    assert post(http, general).is_success
    assert len(ana.sees(general)) == 1
    assert simulator.findings == []


def test_an_answer_can_be_lost_after_the_deed(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    simulator.api.fail(CREATE, Fault(502, done=True))
    body = {"content": "x", "nonce": "1", "enforce_nonce": True}
    for _ in range(2):
        http.post(f"/channels/{general.id}/messages", json=body)
    assert len(ana.sees(general)) == 1


def test_an_answer_can_be_held_back(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    simulator.api.fail(CREATE, Fault(0, seconds=0.2))
    with pytest.raises(httpx.ReadTimeout):
        http.post(f"/channels/{general.id}/messages", json={"content": "x"}, timeout=0.05)
    assert simulator.wait_for(lambda: simulator.world.messages.get(general.id))
    assert simulator.findings == []


def test_a_429_on_order_says_how_long(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    simulator.api.fail("*", Fault(429, retry_after=0.2, scope="global"))
    limited = post(http, general)
    assert limited.json() == {"message": "You are being rate limited.", "retry_after": 0.2, "global": True}
    assert limited.headers["X-RateLimit-Global"] == "true"


def test_bad_answers_count_unless_they_are_shared(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    for fault in (Fault(429, scope="shared"), Fault(429), Fault(503)):
        simulator.api.fail(CREATE, fault)
        post(http, general)
    post(http, simulator.channel("hidden", with_bot=False))
    assert simulator.limits.invalid_count == 2


def test_what_is_no_route_or_no_version_is_not_found(http: httpx.Client, simulator: DiscordSimulator) -> None:
    assert http.get("/nowhere").status_code == 404
    assert httpx.get(f"{simulator.url}/api/v3/users/@me").status_code == 400
