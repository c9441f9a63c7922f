"""Amounts in capitals: the forms that a bank accepts."""

import pytest

from server.domain.billing.capitals import capitals

WRITTEN = [
    (500_000, "伍仟元整"), (0, "零元整"), (1, "壹分"), (50, "伍角整"), (1_05, "壹元零伍分"), (10_000_00, "壹万元整"),
    (100_100, "壹仟零壹元整"), (16_409_02, "壹万陆仟肆佰零玖元零贰分"), (107_000_53, "壹拾万柒仟元伍角叁分"),
    (6_007_14, "陆仟零柒元壹角肆分"), (1_680_32, "壹仟陆佰捌拾元叁角贰分"), (100_000_000_00, "壹亿元整"),
    (100_005_000_00, "壹亿零伍仟元整"), (20_030_405_00, "贰仟零叁万零肆佰零伍元整"), (-55_000_00, "负伍万伍仟元整"),
]  # fmt: skip


@pytest.mark.parametrize(("fen", "written"), WRITTEN)
def test_an_amount_is_written_out(fen: int, written: str) -> None:
    assert capitals(fen) == written
