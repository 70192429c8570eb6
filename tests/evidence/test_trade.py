"""The trade table: who traded how much with whom and when, and what was printed wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from corridor.evidence import TradeFigure, load_claims, load_sources, portrait, trade
from corridor.evidence.vocabulary import PARTNERS

CLAIMS = load_claims()
FIGURES = trade(CLAIMS)
BY_CLAIM = {figure.claim: figure for figure in FIGURES}


def key(figure: TradeFigure) -> tuple[object, ...]:
    return figure.partner, figure.flow, figure.first, figure.last


def test_every_trade_value_of_the_region_is_a_row() -> None:
    wanted = {
        c.claim for c in CLAIMS.values() if c.place == "xinjiang" and c.measure == "trade value"
    }
    assert set(BY_CLAIM) == wanted
    assert len(FIGURES) == len(wanted)
    assert {"TR-07", "TR-07b", "KJ-37", "004-09", "002-01"} <= wanted
    assert not wanted & {"TR-07c", "TR-07e", "004-05", "TR-15"}  # growth, share, goods, elsewhere


def test_the_year_2023_by_partner_reads_off() -> None:
    year = (date(2023, 1, 1), date(2023, 12, 31))
    rows = [f for f in FIGURES if (f.first, f.last) == year]
    assert {(f.partner, f.cny) for f in rows if f.cny} >= {
        ("World", 357_330_000_000.0), ("Central Asia", 283_670_000_000.0),
    }  # fmt: skip
    assert {f.usd for f in rows if f.partner == "World" and f.usd} == {50_250_000_000.0}


def test_the_exports_of_2020_carry_the_code_of_the_partner() -> None:
    rows = {(f.iso, f.flow): f.usd for f in FIGURES if f.first == date(2020, 1, 1)}
    assert rows == {
        ("DEU", "export"): 111_600_000.0, ("DEU", "import"): 134_000_000.0,
        ("BEL", "export"): 124_500_000.0, ("GBR", "export"): 136_800_000.0,
    }  # fmt: skip


def test_the_ten_fold_figure_comes_last_with_what_stands_instead() -> None:
    groups: dict[tuple[object, ...], list[TradeFigure]] = defaultdict(list)
    for figure in FIGURES:
        groups[key(figure)].append(figure)
    rows = groups["World", "both", date(2023, 1, 1), date(2023, 10, 31)]
    assert rows[0].status == "accepted"
    assert rows[-1].claim == "003-01"
    assert rows[-1].adjudicated == (39.9e9, 40.5e9)
    assert "ten times too large" in rows[-1].reason
    for each in groups.values():  # what stands is never behind what does not
        rejected = [figure.status == "rejected" for figure in each]
        assert rejected == sorted(rejected)


def test_a_value_has_one_currency_and_a_period() -> None:
    for figure in FIGURES:
        assert (figure.usd is None) != (figure.cny is None), figure
        assert figure.first
        assert figure.last
        assert figure.partner in PARTNERS
        assert figure.flow in ("export", "import", "both"), figure


def test_what_is_struck_through_says_why() -> None:
    struck = [figure for figure in FIGURES if figure.status == "rejected"]
    assert {figure.claim for figure in struck} == {"002-01", "002-02", "003-01", "003-02"}
    assert all(figure.reason and (figure.adjudicated or figure.belongs) for figure in struck)


def test_total_trade_retold_as_exports_has_no_correction_under_exports() -> None:
    for claim, total in (("002-01", "003-01"), ("002-02", "003-02")):
        wrong = BY_CLAIM[claim]
        assert (wrong.flow, wrong.adjudicated, wrong.belongs) == ("export", None, ("both", total))
        assert BY_CLAIM[total].adjudicated
        assert BY_CLAIM[total].belongs is None


def test_the_register_says_so_of_the_claim_too() -> None:
    said = "\n".join(portrait(CLAIMS, load_sources(), "002-01"))
    assert said.count("nothing stands under export: the figure is total trade") == 3  # with 002-02
    assert "see 003-01" in said
    before, _, _ = said.partition("Conflict")
    assert "39.9" not in before
    total = "\n".join(portrait(CLAIMS, load_sources(), "003-01"))
    assert "39.9 bn USD to 40.5 bn USD" in total


def test_no_correction_of_exports_is_more_than_the_total_leaves_for_them() -> None:
    """Of one period in one currency: exports are the total without the imports."""
    rows = {(f.flow, f.first, f.last, f.cny is None): f for f in FIGURES
            if f.partner == "World" and f.status == "accepted"}  # fmt: skip
    checked = 0
    for figure in FIGURES:
        total = rows.get(("both", figure.first, figure.last, figure.cny is None))
        if figure.partner == "World" and figure.flow == "export" and total:
            most = figure.adjudicated[1] if figure.adjudicated else figure.usd or figure.cny
            if figure.status == "accepted" or figure.adjudicated:
                assert most < (total.usd or total.cny), figure
                checked += 1
    assert checked


def test_the_flow_of_a_figure_decides_not_where_it_comes_from() -> None:
    """A retold total under its own flow keeps its correction; so does one of another partner."""
    own = replace(CLAIMS["002-01"], flow="both")
    (figure,) = trade({"002-01": own, "003-01": replace(CLAIMS["003-01"], place="china")})
    assert figure.adjudicated == (39.9e9, 40.5e9)
    found = {f.claim: f for f in trade({"002-01": own, "003-01": CLAIMS["003-01"]})}
    assert found["002-01"].belongs is None
    assert found["002-01"].adjudicated == (39.9e9, 40.5e9)


def test_of_the_same_figure_the_one_with_the_better_papers_comes_first() -> None:
    """Trade with Central Asia in 2023: the customs office's, not a newspaper's retelling of it."""
    rows = [f for f in FIGURES if f.partner == "Central Asia" and f.first == date(2023, 1, 1)
            and f.last == date(2023, 12, 31)]  # fmt: skip
    assert [f.claim for f in rows] == ["TR-07d", "000-08", "001-06"]
    doubted = {**CLAIMS, "TR-07d": replace(CLAIMS["TR-07d"], confidence="M")}
    order = [f.claim for f in trade(doubted) if f.claim in ("TR-07d", "000-08", "001-06")]
    assert order == ["000-08", "001-06", "TR-07d"]
    assert all(f.confidence in ("H", "M", "L", "GK") for f in FIGURES)


def test_a_figure_names_its_sources_and_how_far_it_is_believed() -> None:
    assert (BY_CLAIM["TR-07"].source, BY_CLAIM["TR-07"].confidence) == ("S81 S82 S84", "H")
    assert (BY_CLAIM["TR-11"].source, BY_CLAIM["TR-11"].confidence) == ("", "GK")


def test_one_adjudicated_number_is_a_range_of_nothing() -> None:
    one = replace(CLAIMS["003-01"], adjudicated_value="40900000000")
    (figure,) = trade({"003-01": one})
    assert figure.adjudicated == (40.9e9, 40.9e9)


def test_another_place_has_its_own_table() -> None:
    assert {figure.partner for figure in trade(CLAIMS, "china")} == {"Europe"}


def test_rows_are_in_order_whatever_the_order_of_the_register() -> None:
    back = dict(reversed(CLAIMS.items()))
    assert trade(back) == FIGURES
