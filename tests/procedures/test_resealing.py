"""Contact of parties survives a change of the data key: sealed anew, and no key goes while anything is under it."""

from typing import Any

import pytest

from shiheng.accounts.permissions import SYSTEM
from shiheng.kernel import clock
from shiheng.ledger import keyring, rotation
from shiheng.procedures import actions, resealing
from shiheng.procedures.models import Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FACTS = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "坏了。", "claims": ["退款"]}


def test_a_party_s_telephone_is_read_after_the_key_it_was_sealed_under_is_gone(
    cast: Any, tmp_path: Any, settings: Any
) -> None:
    settings.HOME = tmp_path / "home"
    held = actions.open_file(
        cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.",
        parties=[actions.Standing("complainant", "王小明", {"phone": "19900001001"})],
    )  # fmt: skip
    before = keyring.current().number
    rotation.rotate(who=SYSTEM)
    assert not rotation.destroy(before, unless=lambda: False, who=SYSTEM), "the telephone still lies under it"
    assert resealing.run() == 1
    assert resealing.run() == 0
    assert rotation.destroy(before, unless=lambda: False, who=SYSTEM)
    party = Party.objects.get(proceeding=held)
    assert keyring.unsealed(party.facts["phone"]) == "19900001001"
    assert "19900001001" not in str(party.facts)


def test_a_confirmed_address_is_sealed_anew_as_well(cast: Any, tmp_path: Any, settings: Any) -> None:
    settings.HOME = tmp_path / "home"
    held = actions.open_file(
        cast.who("clerk"), "complaints.complaint", FACTS, scope="4499.01.",
        parties=[actions.Standing("complainant", "王小明")],
    )  # fmt: skip
    row = actions.confirm_address(
        cast.who("clerk"), held.pk, 1, address="江口街道 3 号", signed_on=clock.today(), phone="19900001001"
    )
    before = keyring.current().number
    rotation.rotate(who=SYSTEM)
    assert not rotation.destroy(before, unless=lambda: False, who=SYSTEM), "the address still lies under it"
    assert resealing.run() == 1
    assert rotation.destroy(before, unless=lambda: False, who=SYSTEM)
    row.refresh_from_db()
    assert keyring.unsealed(row.facts["address"]) == "江口街道 3 号"
