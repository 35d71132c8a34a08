"""The frame every test stands in: an own data directory, either database, a clock that stands still on request.

Settings are read when Django is set up, so the data directory is made while this file is imported, and the database
is chosen in ``pytest_configure``, which runs before pytest-django sets Django up.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Nothing is timed here: a busy machine is not a fault.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("house")

HOME = Path(tempfile.mkdtemp(prefix="shiheng-test-"))
(HOME / "static").mkdir()  # gathered by set-up in earnest; whitenoise warns without it
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("SHIHENG_") and not name.startswith("SHIHENG_TEST_")]:
    del os.environ[name]  # a developer's own settings do not change what is proved
os.environ["SHIHENG_HOME"] = str(HOME)
os.environ["SHIHENG_SQLITE_SYNCHRONOUS"] = "OFF"
os.environ["DJANGO_SETTINGS_MODULE"] = "shiheng.site.settings"

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
_held: dict[str, Any] = {}

pytest_plugins = ["tests.cast", "tests.casework"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="run database tests on SQLite (default) or on a private PostgreSQL (or SHIHENG_TEST_POSTGRES_URL)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") == "postgresql":
        _choose_postgresql()
    from django.conf import settings

    # Reads the settings; pytest-django then sets Django up. Nobody gathers static files for tests.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    assert HOME == settings.HOME
    if config.getoption("numprocesses", None):
        # Workers inherit this environment and would read the settings before they have a directory of their own.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def _choose_postgresql() -> None:
    url = os.environ.get("SHIHENG_TEST_POSTGRES_URL")
    if not url:  # workers of xdist inherit the address their controller found
        from tests import postgres

        if postgres.binaries() is None:
            _held["missing"] = True
            return
        _held["cluster"] = postgres.start()
        url = os.environ["SHIHENG_TEST_POSTGRES_URL"] = _held["cluster"].url
    os.environ["SHIHENG_DATABASE_URL"] = url


def pytest_unconfigure() -> None:
    if cluster := _held.pop("cluster", None):
        cluster.stop()


def pytest_report_header(config: pytest.Config) -> str:
    if _held.get("missing"):
        return "database: POSTGRESQL IS MISSING on this machine; every database test will be skipped"
    return f"database: {config.getoption('--database')}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches a database, before ``-m database`` chooses."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
            if _held.get("missing"):
                item.add_marker(pytest.mark.skip(reason="no PostgreSQL server binaries on this machine"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite tests use a file, not memory: threads and child processes then see what the platform's own would."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(HOME / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """A slow hash protects people, not tests."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_pieces_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests whose transactions are real end with every table of a model emptied: those of search have no model."""
    marker = request.node.get_closest_marker("django_db")
    real = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if not real:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from tests import factories

    factories.empty_search()


class StandingClock:
    """The house clock as a test holds it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def move_to(self, moment: datetime | date) -> None:
        from shiheng.kernel.clock import SHANGHAI

        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=SHANGHAI)
        self.moment = moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Iterator[StandingClock]:
    """The house clock, standing at ten o'clock on Friday 2026-11-20 until the test moves it."""
    from shiheng.kernel import clock as house

    held = StandingClock(datetime(2026, 11, 20, 10, tzinfo=house.SHANGHAI))
    before = house._source
    house.install(lambda: held.moment)
    yield held
    house.install(before)


@pytest.fixture
def quality(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``quality("search", text)`` leaves what a slow bar measured in ``docs/quality/search.txt``, by database."""
    database = request.config.getoption("--database")

    def leave(name: str, text: str) -> None:
        place = ROOT / "docs" / "quality"
        place.mkdir(parents=True, exist_ok=True)
        suffix = "" if database == "sqlite" else f".{database}"
        (place / f"{name}{suffix}.txt").write_text(text.rstrip() + "\n", encoding="utf-8")

    return leave


@pytest.fixture
def home() -> Path:
    """This run's data directory."""
    return HOME


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """``real_data("register_guangdong.csv.gz")``: a real file beside the project; without it the test is skipped."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"real data {name} is not beside the project")
        return path

    return find
