"""Codes that changed between two years."""

from __future__ import annotations

import pandas as pd
import pytest

from wageguide.errors import InputError
from wageguide.tiers.correspondence import read_correspondence


def read(tmp_path, text):
    path = tmp_path / "codes.csv"
    path.write_text(text, encoding="utf-8-sig")
    return read_correspondence(path)


def test_renamed_merged_and_split(tmp_path):
    codes = read(
        tmp_path,
        "key,old,new,why\noccupation,1,7,renamed\noccupation,2,8,merged\noccupation,3,8,merged\n"
        "occupation,4,5,split\noccupation,4,6,split\n",
    )
    rows = pd.DataFrame({"occupation": ["1", "2", "3", "4", "9", None], "wage": range(6)})

    changed = codes.apply(rows)

    assert changed["occupation"].fillna("-").tolist() == ["7", "8", "8", "4", "9", "-"]
    assert rows["occupation"].tolist()[0] == "1"
    assert codes.split == {"occupation": {"4": ("5", "6")}}
    assert any("4: 拆分为 5, 6" in line for line in codes.breaks)


def test_every_bad_line_is_told(tmp_path):
    with pytest.raises(InputError) as refused:
        read(
            tmp_path, "key,old,new\noccupation,1,\noccupation,2,3\noccupation,2,3\noccupation,3,4\n"
        )

    for phrase in ("line 2: new is empty", "line 4: occupation 2 to 3 stands twice",
                   "occupation 3: stands as an old and as a new code"):  # fmt: skip
        assert phrase in str(refused.value)


def test_a_file_of_other_columns_is_told(tmp_path):
    with pytest.raises(InputError, match="lacks the columns key, old"):
        read(tmp_path, "from,new\n1,2\n")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_correspondence(tmp_path / "none.csv")
