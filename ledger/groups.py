"""Who belongs to which reader group, by e-mail address, and which e-mail address is whose."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, Table, and_, delete, exists, select

from core.errors import Misconfigured
from core.messages import EVERYONE
from ledger.tables import links, members
from ledger.transactions import reading, writing
from ledger.upserts import insert


@dataclass(frozen=True, slots=True)
class Place:
    """One workspace of a platform. People and groups of one are unknown in every other."""

    platform: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Group:
    """A reader group and the e-mail addresses of its people."""

    name: str
    people: tuple[str, ...]


class Groups:
    """The reader groups of one ledger. Each method raises LedgerUnavailable when the database is down.

    E-mail addresses are compared without case. Nothing is remembered: what is changed holds with the next
    question.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, place: Place, group: str, email: str) -> None:
        """Let somebody belong to a group.

        Raises:
            Misconfigured: the name cannot be a group's, or the address is none.
        """
        if not group.strip() or group == EVERYONE or ":" in group:
            raise Misconfigured(f"{group!r} cannot be a group here: a name without `:`, and not `{EVERYONE}`")
        values = {**_values(place), "name": group, "person": _address(email)}
        with writing(self._engine) as connection:
            connection.execute(insert(connection, members).values(**values).on_conflict_do_nothing())

    def remove(self, place: Place, group: str, email: str) -> bool:
        """Let somebody no longer belong to a group; False where they did not."""
        here = and_(_at(members, place), members.c.name == group, members.c.person == _address(email))
        with writing(self._engine) as connection:
            return connection.execute(delete(members).where(here)).rowcount > 0

    def link(self, place: Place, person: str, email: str) -> None:
        """Say whose e-mail address it is, by the platform's own id; it wins over what the platform says."""
        values = {"person": _address(email)}
        key = {**_values(place), "id": person}
        with writing(self._engine) as connection:
            connection.execute(
                insert(connection, links)
                .values(**key, **values)
                .on_conflict_do_update(index_elements=list(key), set_=values)
            )

    def unlink(self, place: Place, person: str) -> bool:
        """Forget what was said of somebody; False where nothing was."""
        with writing(self._engine) as connection:
            return (
                connection.execute(delete(links).where(_at(links, place), links.c.id == person)).rowcount > 0
            )

    def list(self, place: Place) -> list[Group]:
        """The groups of a workspace with their people, by name."""
        statement = (
            select(members.c.name, members.c.person).where(_at(members, place)).order_by(members.c.name)
        )
        found: dict[str, list[str]] = {}
        with reading(self._engine) as connection:
            for name, person in connection.execute(statement.order_by(members.c.person)):
                found.setdefault(name, []).append(person)
        return [Group(name, tuple(people)) for name, people in found.items()]

    def any(self, place: Place) -> bool:
        """Whether a workspace has any group."""
        with reading(self._engine) as connection:
            return bool(connection.execute(select(exists().where(_at(members, place)))).scalar())

    def of(self, place: Place, people: Mapping[str, str]) -> dict[str, frozenset[str]]:
        """The groups of each of these people.

        Args:
            place: where they are.
            people: for each platform's own id, the e-mail address that the platform has verified, or nothing.
        """
        with reading(self._engine) as connection:
            linked = {
                row.id: row.person
                for row in connection.execute(select(links.c.id, links.c.person).where(_at(links, place)))
            }
            belong: dict[str, set[str]] = {}
            for row in connection.execute(
                select(members.c.name, members.c.person).where(_at(members, place))
            ):
                belong.setdefault(row.person, set()).add(row.name)
        return {
            person: frozenset(belong.get(linked.get(person) or email.strip().casefold(), ()))
            for person, email in people.items()
        }


def _values(place: Place) -> dict[str, str]:
    return {"platform": place.platform, "workspace": place.workspace}


def _at(table: Table, place: Place) -> ColumnElement[bool]:
    return and_(table.c.platform == place.platform, table.c.workspace == place.workspace)


def _address(email: str) -> str:
    """An e-mail address as it is compared."""
    name, _, host = email.strip().casefold().rpartition("@")
    if not name or not host or any(each.isspace() for each in email.strip()):
        raise Misconfigured(f"{email!r} is no e-mail address")
    return f"{name}@{host}"
