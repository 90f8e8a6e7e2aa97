"""Law data that are wrong are refused, and everything that is wrong is listed."""

from __future__ import annotations

import pytest
from lawbook import HEAD, PLACES, value, write_folder

import wageguide as wg
from wageguide.errors import LawError

FAULTS = {
    "unknown key": (value(colour="red"), "unknown key 'colour'"),
    "no source": (value(source=None), "has no source"),
    "unknown source": (value(source="hearsay"), "source 'hearsay' is not in sources.toml"),
    "no value": (value(value=None), "has no value"),
    "a float": (value().replace('"100"', "100.5"), "exact decimal in quotes"),
    "no number": (value(value="NaN"), "exact decimal in quotes"),
    "beyond the bound": (value(value="10000"), "beyond the bound 9999"),
    "impossible day": (value(**{"from": "2019-06-40"}), "from is '2019-06-40'; it should be a day"),
    "a day without hyphens": (value(**{"from": "20200101"}), "from is '20200101'"),
    "until before from": (value(until="2019-12-31"), "until 2019-12-31 is before from"),
    "then without until": (value(then="unknown"), "then may be unknown, after an until"),
    "unknown place": (value(place="999999"), "place '999999' is not known"),
    "unknown evidence": (value(evidence="sure"), "evidence is 'sure'"),
    "unknown from_is": (value(from_is="guessed"), "from_is is 'guessed'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_value_that_is_wrong_is_refused_where_it_stands(tmp_path, name):
    table, message = FAULTS[name]
    with pytest.raises(LawError) as caught:
        wg.read_law(folder=write_folder(tmp_path, table))
    assert [p for p in caught.value.problems if "floor.toml value 1" in p and message in p]


def test_all_faults_are_listed_together(tmp_path):
    with pytest.raises(LawError) as caught:
        wg.read_law(folder=write_folder(tmp_path, *(table for table, _ in FAULTS.values())))
    for _, message in FAULTS.values():
        assert any(message in p for p in caught.value.problems), message
    assert f"{len(caught.value.problems)} problems" in str(caught.value)


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"from": "2020-01-01", "value": "120"}, "stands twice"),
        ({"from": "2019-01-01", "value": "90"}, "put values in order of their days"),
        ({"from": "2021-06-30", "value": "120"}, "overlaps floor 320000"),
        ({"from": "2021-07-02", "value": "120"}, "leaves a gap after 2021-06-30"),
    ],
)
def test_days_of_a_series_must_fit(tmp_path, second, message):
    folder = write_folder(tmp_path, value(until="2021-06-30"), value(**second))
    with pytest.raises(LawError) as caught:
        wg.read_law(folder=folder)
    assert message in str(caught.value)


def test_values_that_follow_on_or_leave_a_named_gap_are_taken(tmp_path):
    follows = value(until="2021-06-30"), value(**{"from": "2021-07-01", "value": "120"})
    assert wg.read_law(folder=write_folder(tmp_path, *follows))
    gap = value(until="2021-06-30", then="unknown"), value(**{"from": "2022-01-01"})
    assert wg.read_law(folder=write_folder(tmp_path, *gap))


def test_a_value_only_seen_leaves_the_days_before_it_unknown(tmp_path):
    seen = value(**{"from": "2022-01-01", "from_is": "seen", "value": "120"})
    with pytest.raises(LawError, match="was only seen in force"):
        wg.read_law(folder=write_folder(tmp_path, value(), seen))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (HEAD.replace('kind = "number"', 'kind = "sum"'), "kind is 'sum'"),
        (HEAD.replace('id = "floor"', 'id = "roof"'), "id is 'roof'"),
        (HEAD + 'colour = "red"\n', "unknown key 'colour'"),
        (HEAD.replace("2026-01-31", "2026-02-30"), "checked_through is '2026-02-30'"),
        (HEAD.replace('checked_through = "2026-01-31"', ""), "checked_through is None"),
        (HEAD.replace('title_zh = "下限"', ""), "title_zh is missing"),
        (HEAD + 'class_of = "nothing"\n', "class_of names 'nothing'"),
    ],
)
def test_a_head_that_is_wrong(tmp_path, head, message):
    with pytest.raises(LawError) as caught:
        wg.read_law(folder=write_folder(tmp_path, head=head))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"places_csv": PLACES + "320200,329999,无锡市,Wuxi,CNY,,\n"}, "parent 329999"),
        ({"places_csv": PLACES + "320115,320100,江宁区,Jiangning,CNY,,\n"}, "stands twice"),
        ({"places_csv": PLACES.replace("CN,,", "CN,320115,")}, "lies in itself"),
        ({"places_csv": "code,name\nCN,中国\n"}, "columns are"),
        ({"sources_toml": '[notice]\nissued = "2019-06-40"\n'}, "has no title"),
        ({"sources_toml": "[notice"}, "not TOML"),
        ({"table_csv": "quantity,place\nfloor,CN\n"}, "columns are"),
        (
            {"calendar_csv": "date,kind,source,evidence\n2026-02-29,statutory,notice,verified\n"},
            "date is '2026-02-29'",
        ),
        (
            {"calendar_csv": "date,kind,source,evidence\n2026-01-05,makeup_workday,notice,x\n"},
            "is no Saturday or Sunday",
        ),
    ],
)
def test_other_files_that_are_wrong(tmp_path, files, message):
    with pytest.raises(LawError) as caught:
        wg.read_law(folder=write_folder(tmp_path, **files))
    assert message in str(caught.value)


class TestOwnFile:
    def read(self, tmp_path, text):
        own = tmp_path / "own.toml"
        own.write_text(text, encoding="utf-8")
        return wg.read_law(own, folder=write_folder(tmp_path / "law"))

    def test_a_later_value_is_merged_and_marked(self, tmp_path):
        mine = value(quantity="floor", **{"from": "2026-03-01", "value": "130"}, evidence=None)
        law = self.read(tmp_path, mine)

        found = law.look_up("floor", "320115", "2026-03-01")
        assert (str(found.value), found.marks) == ("130", ("own",))
        assert str(law.look_up("floor", "320115", "2026-01-31").value) == "100"

    def test_a_correction_takes_the_place_of_the_value(self, tmp_path):
        law = self.read(tmp_path, value(quantity="floor", value="101", evidence=None))

        assert law.look_up("floor", "320000", "2025-01-01").marks == ("own",)

    def test_a_new_day_of_checking(self, tmp_path):
        law = self.read(
            tmp_path, '[[checked]]\nquantity = "floor"\nplace = "320115"\nthrough = "2026-06-30"\n'
        )
        assert law.look_up("floor", "320115", "2026-06-30").marks == ()
        with pytest.raises(LawError, match="last checked on 2026-01-31"):
            law.look_up("floor", "320000", "2026-06-30")

    def test_a_place_and_a_day(self, tmp_path):
        law = self.read(
            tmp_path,
            '[[place]]\ncode = "320106"\nparent = "320100"\nname_zh = "鼓楼区"\n'
            '[[day]]\ndate = "2027-01-01"\nkind = "statutory"\n',
        )
        assert str(law.look_up("floor", "320106", "2025-01-01").value) == "100"
        assert 2027 in law.calendar.years

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('[[values]]\nplace = "CN"\n', r"unknown table \[\[values\]\]"),
            (value(evidence=None), "quantity None is not known"),
            (value(quantity="floor", source=None), "has no source"),
            ('[[checked]]\nquantity = "x"\nplace = "CN"\nthrough = "2026-01-01"\n', "known quan"),
            ('[[place]]\ncode = "320115"\nparent = "CN"\nname_zh = "x"\n', "needs a new code"),
            ('[[day]]\ndate = "2027-02-30"\nkind = "statutory"\n', "2027-02-30"),
            ("[[value]", "not TOML"),
        ],
    )
    def test_one_that_is_wrong(self, tmp_path, text, message):
        with pytest.raises(LawError, match=message):
            self.read(tmp_path, text)

    def test_one_that_is_not_there(self, tmp_path):
        with pytest.raises(LawError, match="no file"):
            wg.read_law(tmp_path / "none.toml")
