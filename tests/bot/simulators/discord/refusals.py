"""How Discord reports a refusal over plain HTTP."""

import httpx


def refusal(response: httpx.Response) -> tuple[int, int]:
    """The status and the code of a refusal; what is accepted fails the test."""
    assert response.is_error, response.text
    body = response.json()
    return response.status_code, body["code"]


def fault(response: httpx.Response, *path: str | int) -> str:
    """The code of the first fault at a place of a form body."""
    assert refusal(response) == (400, 50035)
    node = response.json()["errors"]
    for part in path:
        node = node[str(part)]
    return str(node["_errors"][0]["code"])
