"""The consultation of the notebook, from the roster to the agreement, recomputed by hand.

Everything here is read and reckoned anew with whole fen and plain loops; nothing of the package
is used but the notebook's results.
"""

from __future__ import annotations

import csv
import tomllib
from itertools import combinations, product
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
FILES = ROOT / "data" / "sample" / "consultation"
START, END = 12 * 2026 + 6, 12 * 2028 + 5

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """Names that the notebook leaves behind."""
    space: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("notebook"))
        for cell in nbformat.read(ROOT / "notebooks" / "30_consultation.ipynb", 4).cells:
            if cell.cell_type == "code":
                exec(cell.source, space)
    return space


@pytest.fixture(scope="module")
def people():
    with (FILES / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            {
                "cell": (row["岗位"], row["类别"]),
                "base": 100 * int(row["基本工资（元）"]),
                "allowance": 100 * int(row["津贴补贴"]),
                "overtime": 100 * int(row["加班工资"]),
                "service": int(row["工龄"]),
            }
            for row in csv.DictReader(file)
        ]


#: Insurance in millionths, floor and ceiling in fen, as the sample's assumptions have them.
INSURANCE = ((160_000, 495_200, 2_476_200), (78_000, 495_200, 2_476_200),
             (7_000, 495_200, 2_476_200), (80_000, 266_000, 10**12))  # fmt: skip


def workers_offer(base, worker, month):
    if month == START:
        base = up(base * 108, 100)
        if worker["cell"][1] == "一线":
            base = max(base, 400_000)
    if month == 12 * 2027:
        base += 1_000 * min(worker["service"], 15)
    if month == 12 * 2027 + 6:
        base = up(base * 106, 100)
    return base


def enterprise_offer(base, worker, month):
    return up(base * 103, 100) if month == START else base


def compromise(base, worker, month, percent=5, most=4, late=False):
    """With `late`, before its first clause is paid."""
    if month == START:
        base = base if late else up(base * (100 + percent), 100)
        if worker["cell"][1] == "一线":
            base = max(base, 380_000)
    if month == 12 * 2027 + 6:
        # Prices of 2026 rose by 1.5 %.
        base = up(base * (1000 + 10 * min(max(1.5, 1), most)), 1000)
    return base


def up(value, parts):
    """Nearest whole fen of value / parts, halves up."""
    return int((2 * value + parts) // (2 * parts))


def path(worker, clause, months):
    """Regular pay of each month, fen: base, allowance, overtime."""
    base, found = worker["base"], []
    for month in months:
        base = clause(base, worker, month)
        overtime = up(worker["overtime"] * base, worker["base"])
        found.append((base, worker["allowance"], overtime))
    return found


def by_cell(people, paid_of):
    """Fen by month and part, each post and group rounded on its own."""
    sums: dict = {}
    for worker in people:
        rows = paid_of(worker)
        for n, (month, parts) in enumerate(zip(range(START, END + 1), rows, strict=True)):
            own = sums.setdefault((month, worker["cell"]), [0] * 5)
            insured = due(worker, rows, n)
            for k, value in enumerate((*parts, insured)):
                own[k] += value
    found = {}
    for (month, _), parts in sums.items():
        # A tenth of the positions a year is filled anew at nine tenths of the pay.
        kept = 1200 - (month - START + 1)
        total = found.setdefault(month, [0] * 5)
        for k, value in enumerate(parts):
            total[k] += up(value * kept, 1200)
    return found


def due(worker, rows, n):
    """Insurance on the average of the year before; on the roster's pay in 2026."""
    roster = worker["base"] + worker["allowance"] + worker["overtime"]
    month = START + n
    if month < 12 * 2027:
        base = roster
    elif month < 12 * 2028:
        base = up(6 * roster + sum(sum(r) for r in rows[:6]), 12)
    else:
        base = up(sum(sum(r) for r in rows[6:18]), 12)
    return sum(up(min(max(base, low), high) * rate, 10**6) for rate, low, high in INSURANCE)


def of_workers(worker):
    return [(*r, 0) for r in path(worker, workers_offer, range(START, END + 1))]


def of_enterprise(worker):
    rows = path(worker, enterprise_offer, range(START, END + 1))
    # 1,200 yuan once, in December 2026.
    return [(*r, 120_000 if n == 5 else 0) for n, r in enumerate(rows)]


def of_compromise(worker, **terms):
    months = range(START, END + 1)
    now = path(worker, lambda *a: compromise(*a, **terms), months)
    late = path(worker, lambda *a: compromise(*a, **terms, late=True), months)
    # Paid from October on, with what is owed since July.
    owed = sum(sum(now[n]) - sum(late[n]) for n in range(3))
    return [(*(late if n < 3 else now)[n], owed if n == 3 else 0) for n in range(len(now))]


def of_nothing(worker):
    return [(worker["base"], worker["allowance"], worker["overtime"], 0)] * (END - START + 1)


@pytest.fixture(scope="module")
def nothing(people):
    return by_cell(people, of_nothing)


def total(found):
    return sum(sum(parts) for parts in found.values())


def present(found, nothing, parts):
    """Present value above doing nothing of some parts, yuan, at 3 %."""
    return sum(
        sum(found[m][k] - nothing[m][k] for k in parts) / 100 * 1.03 ** (-(m - START) / 12)
        for m in found
    )


def test_the_assumptions_are_those_of_this_file():
    given = tomllib.loads((FILES / "assumptions.toml").read_text(encoding="utf-8"))

    assert [
        (round(1e4 * float(c["rate"].rstrip("%"))), 100 * c["floor"], 100 * c["ceiling"] or 10**12)
        for c in given["contribution"]
    ] == list(INSURANCE)
    assert (given["turnover"], given["entry_ratio"], given["discount"]) == ("10%", "90%", "3%")
    assert (given["contribution_base"], given["base_month"]) == ("previous_year", 1)
    assert (given["cpi"]["2026"], given["overtime_follows"]) == ("1.5%", True)


def test_the_roster(notebook, people):
    pay = sum(w["base"] + w["allowance"] + w["overtime"] for w in people)

    assert notebook["roster"].heads == len(people) == 138
    assert int(notebook["roster"].pay.sum()) == pay


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_cost_of_every_offer_to_the_fen(notebook, people, nothing, place):
    paid = (of_workers, of_enterprise, of_compromise)[place]
    found = by_cell(people, paid)
    row = notebook["table"].iloc[place]
    last = [sum(parts) - parts[3] for parts in (found[END], nothing[END])]

    assert row["total"] == total(found) / 100
    assert row["more"] == pytest.approx((total(found) - total(nothing)) / 100, abs=1e-6)
    assert row["annualised"] == pytest.approx(12 * (last[0] - last[1]) / 100, abs=1e-6)
    assert row["present_value"] == pytest.approx(present(found, nothing, range(5)), abs=1e-4)
    rows = [paid(w)[-1] for w in people]
    before = sum(w["base"] + w["allowance"] + w["overtime"] for w in people)
    assert row["average_rise"] == pytest.approx(sum(sum(r[:3]) for r in rows) / before - 1)
    assert row["lowest"] == min(r[0] for r in rows) / 100


def test_the_solutions_of_the_zone(notebook, people, nothing):
    """All packages, and all mixtures of two of them; the frontier is not used."""
    before = sum(w["base"] + w["allowance"] + w["overtime"] for w in people)
    rows = []
    for percent, most in product(range(11), range(1, 5)):
        terms = {"percent": percent, "most": most}
        found = by_cell(people, lambda w, terms=terms: of_compromise(w, **terms))
        last = [of_compromise(w, **terms)[-1] for w in people]
        rows.append(
            {
                "gain": present(found, nothing, range(4)),
                "outlay": present(found, nothing, range(5)),
                "growth": sum(sum(r[:3]) for r in last) / before - 1,
                "lowest": min(r[0] for r in last) / 100,
                "cost": (total(found) - total(nothing)) / 100,
                # 48 million a year, two years.
                "share": total(found) / 100 / 96e6,
            }
        )
    tried = notebook["tried"]
    assert tried["gain"].tolist() == pytest.approx([r["gain"] for r in rows])
    assert tried["outlay"].tolist() == pytest.approx([r["outlay"] for r in rows])
    labour = [r for r in rows if r["growth"] >= 0.02 and r["lowest"] >= 3800]
    firm = [r for r in rows if r["growth"] <= 0.16 and r["cost"] <= 2.4e6 and r["share"] <= 0.3]
    inside = [r for r in labour if r in firm]
    assert int(notebook["zone"].packages["inside"].sum()) == len(inside)
    least, most = min(r["gain"] for r in labour), max(r["outlay"] for r in firm)
    points = [(r["gain"] - least, most - r["outlay"]) for r in inside]

    solved = notebook["zone"].solutions.set_index("solution_en")[["gain", "outlay"]]
    best = tuple(max(p[k] for p in points) for k in (0, 1))
    for name, worth in {
        "Nash": lambda u, v: u * v,
        "Kalai–Smorodinsky": lambda u, v: min(u / best[0], v / best[1]),
        "equal gains": min,
    }.items():
        u, v = solved.loc[name, "gain"] - least, most - solved.loc[name, "outlay"]
        mixed = max(
            worth(*(a[k] + part * (b[k] - a[k]) for k in (0, 1)))
            for a, b in combinations(points, 2)
            for part in stops(a, b, best)
        )
        assert worth(u, v) == pytest.approx(mixed, rel=1e-9), name


def stops(a, b, best):
    """Parts of a mixture where any of the three worths may be largest."""
    (au, av), (bu, bv) = a, b
    du, dv = bu - au, bv - av
    found = [0.0, 1.0]
    if du * dv:
        found.append(-(au * dv + av * du) / (2 * du * dv))
    for scale in (1.0, best[0] / best[1]):
        if du - scale * dv:
            found.append((scale * av - au) / (du - scale * dv))
    return [p for p in found if 0 <= p <= 1]


def test_the_outlook_is_near_the_exact_cost(notebook, people, nothing):
    """Prices are the sample's in the middle, within what averages in a post may differ by."""
    found = notebook["outlooks"][1]
    exact = total(by_cell(people, of_enterprise)) / 100

    assert found.simulation.anchor < 2e-4
    # Heads differ by 3 % a year, evenly to both sides; turnover from 5 to 20 %.
    assert found.simulation.cost.sum(axis=1).mean() == pytest.approx(exact, rel=0.005)


def test_the_agreement(notebook, people):
    check = notebook["check"]
    days = {(rule, str(day)) for rule, day, *_ in check.days}

    # Signed on 15 May: 7 and 10 days; received on the 21st: 15 days, then 5 days to publish.
    assert {("filing", "2026-05-22"), ("filing", "2026-05-25"), ("review", "2026-06-05"),
            ("publication", "2026-06-10"), ("answer", "2026-03-22")} <= days  # fmt: skip
    below = sum(w["cell"][0] == "装配工" and w["base"] < 380_000 for w in people)
    assert below == 3
    assert check.complies
    assert min(
        of_compromise(w)[-1][0] for w in people if w["cell"][0] in ("装配工", "质检员")
    ) >= 380_000  # fmt: skip
