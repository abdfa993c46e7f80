"""The tool that asks a database, read-only, in views that the settings list."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from core import plugins
from core.errors import Misconfigured
from core.messages import EVERYONE
from core.settings import Settings
from workers.tools import Parts, Supply

_DATABASES = {"sqlite": "sqlite", "postgres": "postgres", "postgresql": "postgres"}


class DatabaseSettings(Settings):
    """What `query_database` may read."""

    query_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="A database for the tool `query_database`: sqlite:///FILE, or "
        "postgresql://USER:PASSWORD@HOST/NAME of a user who may only read. Empty: no such tool.",
    )
    query_database_views: str = Field(
        default="", description="The views (or tables) that it may read, with commas between them."
    )
    query_database_readers: str = Field(
        default=EVERYONE, description="Groups that may ask that database, with commas between them."
    )
    query_database_seconds: float = Field(
        default=5.0, gt=0, description="Seconds until a query of that database is given up."
    )
    query_database_rows: int = Field(default=50, ge=1, le=1000, description="Most rows of one query.")
    query_database_cell: int = Field(
        default=200, ge=10, description="Most characters of one cell; what is beyond them is cut off."
    )

    @field_validator("query_database_url")
    @classmethod
    def _known(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and urlsplit(url).scheme not in _DATABASES:
            raise ValueError("should begin with sqlite:/// or postgresql://")
        return value

    @property
    def url(self) -> str:
        """The URL itself."""
        return self.query_database_url.get_secret_value()

    @property
    def database(self) -> str:
        """The member that talks to this kind of database."""
        return _DATABASES[urlsplit(self.url).scheme]

    @property
    def views(self) -> tuple[str, ...]:
        """The views, as the setting has them."""
        return tuple(filter(None, (name.strip() for name in self.query_database_views.split(","))))

    @property
    def readers(self) -> tuple[str, ...]:
        """The groups, as the setting has them."""
        return tuple(filter(None, (name.strip() for name in self.query_database_readers.split(","))))


def supplies(parts: Parts | None = None) -> Sequence[Supply]:  # noqa: ARG001 - a database needs nothing of ours
    """The tool, where a database is set.

    Raises:
        Misconfigured: no view is listed.
    """
    settings = DatabaseSettings()
    if not settings.url:
        return ()
    if not settings.views:
        raise Misconfigured("CANDOR_QUERY_DATABASE_VIEWS: list the views that the tool may read")
    # A parser of SQL and a database's driver take their time to import: only who has a database loads them.
    made: Supply = plugins.load(__name__, "supply", setting="CANDOR_QUERY_DATABASE_URL").DatabaseSupply(
        settings
    )
    return (made,)
