"""Synthetic enterprises: industry, size, staff, the occupations they employ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .reference import job_weights

#: Share of enterprises in each industry of the district, invented.
_INDUSTRY_SHARE = {
    "A": 1, "C": 26, "D": 2, "E": 9, "F": 14, "G": 6, "H": 6, "I": 11, "J": 4,
    "K": 4, "L": 5, "M": 5, "N": 2, "O": 2, "P": 2, "Q": 3, "R": 2,
}  # fmt: skip
_NOUN = {
    "A": "生态农业", "C": "机械制造", "D": "能源", "E": "建设工程", "F": "商贸", "G": "物流",
    "H": "餐饮酒店", "I": "信息技术", "J": "金融服务", "K": "物业", "L": "商务服务",
    "M": "工程技术", "N": "环境", "O": "生活服务", "P": "教育科技", "Q": "健康医疗",
    "R": "文化传媒",
}  # fmt: skip
_WORDS = ("江南", "瑞宁", "东山", "秣陵", "金陵", "方圆", "百家", "汤山", "湖熟", "谷里")
_REGISTRATION = ("R1", "R2", "R3", "R4", "R5", "R6", "R7")
_REGISTRATION_SHARE = (0.05, 0.02, 0.33, 0.10, 0.38, 0.05, 0.07)

#: Head counts from which an enterprise is small, medium, large (rules of 2017). Where the rules
#: ask for turnover or assets instead or besides, the head count stands in.
_SIZE_LIMITS = {
    "C": (20, 300, 1_000), "D": (20, 300, 1_000), "E": (20, 300, 1_000), "F": (5, 20, 200),
    "G": (20, 300, 1_000), "K": (100, 300, 1_000),
}  # fmt: skip
_OTHER_LIMITS = (10, 100, 300)

#: Typical head count of an industry, relative to the district's.
_STAFF = {"C": 2.2, "E": 1.5, "I": 1.2, "H": 0.9, "K": 1.1, "O": 0.6, "R": 0.6, "A": 0.5}

#: The first six characters hold letters that a real code cannot hold (see the README).
_ID_PREFIX = "ZZSYIO320115"

#: Fewest and most persons in an enterprise of the district.
_SMALLEST, _LARGEST = 8, 3_000


@dataclass
class Enterprises:
    """Columns of equal length, one place an enterprise."""

    number: np.ndarray
    industry: np.ndarray
    registration: np.ndarray
    headcount: np.ndarray
    effect: np.ndarray
    revenue: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    @property
    def ids(self) -> np.ndarray:
        """Registration number of each."""
        return np.array([enterprise_id(n) for n in self.number], dtype=object)

    @property
    def names(self) -> np.ndarray:
        """Name of each."""
        pairs = zip(self.number, self.industry, strict=True)
        return np.array([enterprise_name(n, i) for n, i in pairs], dtype=object)

    @property
    def size(self) -> np.ndarray:
        """Size class from the head count alone, by the limits of the 2017 rules."""
        limits = np.array([_SIZE_LIMITS.get(i, _OTHER_LIMITS) for i in self.industry])
        steps = (self.headcount[:, None] >= limits).sum(axis=1)
        return np.array(["X", "S", "M", "L"], dtype=object)[steps]


def enterprise_id(number: int) -> str:
    """Eighteen characters that no real registration number can be."""
    return f"{_ID_PREFIX}{number:06d}"


def enterprise_name(number: int, industry: str) -> str:
    """A name marked as a sample."""
    return f"样例{number:04d}号{_WORDS[number % len(_WORDS)]}{_NOUN[industry]}有限公司"


def head_counts(rng: np.random.Generator, industry: np.ndarray, workers: int) -> np.ndarray:
    """Skewed head counts that add up to `workers` exactly."""
    enterprises = len(industry)
    if workers < enterprises * _SMALLEST:
        raise ValueError(f"{workers} workers are too few: {enterprises} × {_SMALLEST} needed")
    raw = np.minimum(np.exp(rng.normal(0, 1.2, enterprises)), max(8.0, enterprises / 40))
    raw *= np.array([_STAFF.get(i, 0.8) for i in industry])
    spare = workers - enterprises * _SMALLEST
    extra = np.floor(raw / raw.sum() * spare).astype(np.int64)
    extra = np.minimum(extra, _LARGEST)
    missing = spare - int(extra.sum())
    extra += missing // enterprises
    extra[: missing % enterprises] += 1
    return extra + _SMALLEST


def make_enterprises(
    rng: np.random.Generator, enterprises: int, workers: int, first_number: int = 1
) -> Enterprises:
    """Draw enterprises; every industry comes up when there are enough of them."""
    letters = np.array(list(_INDUSTRY_SHARE))
    share = np.array(list(_INDUSTRY_SHARE.values()), dtype=float)
    # A stratified draw: the shares hold even for sixty enterprises.
    steps = (np.arange(enterprises) + rng.random(enterprises)) / enterprises
    industry = letters[np.searchsorted(np.cumsum(share / share.sum()), np.minimum(steps, 0.999999))]
    rng.shuffle(industry)
    headcount = head_counts(rng, industry, workers)
    registration = np.array(_REGISTRATION)[
        np.searchsorted(np.cumsum(_REGISTRATION_SHARE), rng.random(enterprises) * 0.999999)
    ]
    return Enterprises(
        number=np.arange(first_number, first_number + enterprises),
        industry=industry.astype(object),
        registration=registration.astype(object),
        headcount=headcount,
        effect=np.clip(rng.normal(0, 0.13, enterprises), -0.35, 0.35),
        revenue=np.round(headcount * np.exp(rng.normal(4.2, 0.6, enterprises)) / 10) * 10,
    )


def staff_plan(rng: np.random.Generator, industry: str, headcount: int) -> np.ndarray:
    """Job numbers of the workers of one enterprise, shape (headcount,).

    An enterprise employs only some of the occupations of its industry, so that some
    occupations occur in one or two enterprises.
    """
    letters, weights = job_weights()
    weight = weights[letters.index(industry)]
    possible = np.flatnonzero(weight)
    wanted = min(len(possible), 4 + int(headcount**0.5))
    chance = weight[possible] / weight[possible].sum()
    chosen = np.sort(rng.choice(possible, size=wanted, replace=False, p=chance))
    share = np.cumsum(weight[chosen] * rng.gamma(2.0, 1.0, wanted))
    return chosen[np.searchsorted(share / share[-1], rng.random(headcount) * 0.999999)]
