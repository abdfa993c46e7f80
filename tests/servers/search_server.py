"""A stand-in for Elasticsearch and OpenSearch over real HTTP: it keeps the rules of `_search` that we use.

It refuses what they refuse (an unknown clause, a field list that is none, a missing index), filters by
`terms`, ranks by the words that a document shares with the query, and gives only the fields
that are asked for.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.servers.scripted_http import Out, Refused, Route, ScriptedServer
from tests.servers.scripts import Say

_TOP = {"size", "query", "_source", "highlight", "from"}
_BOOL = {"must", "filter", "should", "must_not"}


class SearchServer(ScriptedServer):
    """One index of documents by their ids."""

    def __init__(self, index: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__()
        self.index = index
        self.documents = documents

    scripted = frozenset({"/team/_search"})

    def routes(self) -> dict[str, Route]:
        return {f"/{self.index}/_search": self._search}

    def error(self, status: int, message: str) -> dict[str, Any]:
        return {"error": {"type": "parsing_exception", "reason": message}, "status": status}

    def _search(self, body: dict[str, Any], _step: Say | None) -> Out:
        if unknown := body.keys() - _TOP:
            raise Refused(400, f"unknown key {sorted(unknown)}")
        found = []
        for name, document in self.documents.items():
            score = _score(body["query"], document)
            if score > 0:
                found.append((score, name, document))
        found.sort(key=lambda each: (-each[0], each[1]))
        hits = [
            {
                "_index": self.index,
                "_id": name,
                "_score": score,
                "_source": {key: document[key] for key in body["_source"] if key in document},
                "highlight": _highlight(body, document),
            }
            for score, name, document in found[: body.get("size", 10)]
        ]
        total = {"value": len(found), "relation": "eq"}
        return Out({"took": 1, "timed_out": False, "hits": {"total": total, "hits": hits}})


def _score(query: Mapping[str, Any], document: Mapping[str, Any]) -> float:
    if set(query) != {"bool"} or query["bool"].keys() - _BOOL:
        raise Refused(400, f"unknown query {sorted(query)}")
    for clause in query["bool"].get("filter", []):
        if set(clause) != {"terms"} or len(clause["terms"]) != 1:
            raise Refused(400, "[terms] takes one field")
        ((field, values),) = clause["terms"].items()
        held = document.get(field, [])
        if not set(held if isinstance(held, list) else [held]) & set(values):
            return 0.0
    return sum(_match(clause, document) for clause in query["bool"].get("must", []))


def _match(clause: Mapping[str, Any], document: Mapping[str, Any]) -> float:
    if set(clause) != {"multi_match"} or not isinstance(clause["multi_match"].get("fields"), list):
        raise Refused(400, "[multi_match] takes a query and fields")
    wanted = _words(clause["multi_match"]["query"])
    score = 0.0
    for field in clause["multi_match"]["fields"]:
        name, _, boost = field.partition("^")
        score += len(wanted & _words(str(document.get(name, "")))) * float(boost or 1)
    return score


def _highlight(body: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    wanted = _words(body["query"]["bool"]["must"][0]["multi_match"]["query"])
    shown: dict[str, Sequence[str]] = {}
    for field, how in body.get("highlight", {}).get("fields", {}).items():
        sentences = re.split(r"(?<=[.!?]) ", str(document.get(field, "")))
        fitting = [each[: how["fragment_size"]] for each in sentences if wanted & _words(each)]
        if fitting:
            shown[field] = fitting[: how["number_of_fragments"]]
    return shown


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
