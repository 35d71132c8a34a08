"""The report on stations: its shares, its joins of towns to stations, and whom it counts."""

from datetime import date
from types import SimpleNamespace

import pytest

from shiheng.accounts import stations
from shiheng.accounts.models import Account, Office, Post, Town


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (169, 170, "99.4%"),
        (0, 5, "0.0%"),
        (5, 5, "100.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 8, "12.5%"),
        (1, 16, "6.3%"),  # half up
        (19_999, 20_000, "99.9%"),  # never 100 while one is missing
        (11, 10, "110.0%"),
        (0, 0, "—"),
    ],
)
def test_shares_are_rounded_as_people_round(part: int, whole: int, said: str) -> None:
    assert stations.percent(part, whole) == said


@pytest.mark.django_db
def test_a_station_may_serve_several_towns_and_namesakes_in_other_districts_are_others(cast: SimpleNamespace) -> None:
    a, b = Office.objects.get(path="4499.01."), Office.objects.get(path="4499.02.")
    Office.objects.filter(code="44990101").update(town="江口街道、河东镇")
    for n, (title, office) in enumerate(
        (("江口街道", a), ("河东镇", a), ("柳岸镇", a), ("江口街道", b), ("湖东街道", b))
    ):
        Town.objects.create(code=f"44990{n}001", title=title, office=office)
    report = stations.report(cast.who("city"))
    assert [(t.district[3:6], t.title, t.served) for t in report.towns] == [
        ("临江区", "江口街道", True),
        ("临江区", "河东镇", True),
        ("临江区", "柳岸镇", True),
        ("望湖区", "江口街道", False),
        ("望湖区", "湖东街道", True),
    ]
    assert (report.set_up_share, report.unserved) == ("80.0%", 1)
    assert stations.report(cast.who("chief")).set_up_share == "100.0%"


@pytest.mark.django_db
def test_a_person_counts_once_at_a_station_and_not_after_leaving_or_being_disabled(cast: SimpleNamespace) -> None:
    station = Office.objects.get(code="44990101")
    people = [
        Account.objects.create(username=f"p{n}", name="员", created_at="2024-01-01T00:00:00+08:00") for n in range(4)
    ]
    for role in ("inspector", "window_clerk"):
        Post.objects.create(account=people[0], office=station, role=role, since=date(2024, 1, 1))
    Post.objects.create(
        account=people[1], office=station, role="inspector", since=date(2024, 1, 1), until=date(2025, 1, 1)
    )
    Post.objects.create(account=people[2], office=station, role="inspector", since=date(2024, 1, 1))
    Post.objects.create(account=people[3], office=station, role="inspector", since=date(9998, 1, 1))
    Account.objects.filter(pk=people[2].pk).update(disabled_at="2025-01-01T00:00:00+08:00")
    who = cast.who("chief")
    assert stations.report(who).staff == stations.staff(who).count() == 1
    assert stations.report(who, on=date(2024, 6, 1)).staff == 2


@pytest.mark.django_db
def test_a_closed_station_leaves_its_town_without_one(cast: SimpleNamespace) -> None:
    Town.objects.create(code="449901001", title="江口街道", office=Office.objects.get(path="4499.01."))
    assert stations.report(cast.who("chief")).served == 1
    Office.objects.filter(code="44990101").update(closed_on=date(2025, 1, 1))
    assert stations.report(cast.who("chief")).served == 0


@pytest.mark.django_db
def test_without_a_list_of_towns_no_share_is_claimed(cast: SimpleNamespace) -> None:
    assert stations.report(cast.who("chief")).set_up_share == "—"
