"""Days against money: the front holds what no other cluster beats."""

from helpers.chapters.sweep_tables import cluster_sizes, offers
from helpers.scenarios.answer import rivals
from helpers.scenarios.scenario import from_mapping


def test_front_is_what_nothing_beats_and_time_falls_with_accelerators() -> None:
    frame = offers(from_mapping({"params": 7e9, "tokens": 1e11}), ["A100", "H100"], [64, 256, 1024])
    found = list(frame.itertuples())
    clusters = list(zip(frame["accelerator"], frame["count"], strict=True))
    assert clusters == [(a, n) for a in ("A100", "H100") for n in (64, 256, 1024)]
    for offer in found:
        others = [(o.days, o.cost_usd) for o in found if (o.days, o.cost_usd) != (offer.days, offer.cost_usd)]
        assert offer.best == (not any(days <= offer.days and cost <= offer.cost_usd for days, cost in others))
        assert 0.1 < offer.mfu < 0.7
    assert (frame["tensor"] * frame["pipeline"] * frame["data"] == frame["count"]).all()
    days = list(frame["days"])
    assert days[0] > days[1] > days[2]
    assert days[3] > days[4] > days[5]


def test_a_cluster_without_room_makes_no_offer() -> None:
    assert offers(from_mapping({"params": 1e12, "tokens": 1e11}), ["A100"], [8]).empty


def test_clusters_double() -> None:
    assert cluster_sizes(300) == [64, 128, 256]


def test_systems_on_the_map_are_those_with_published_tokens() -> None:
    systems = {system.name: system for system in rivals(1.0)}
    assert (systems["gpt-3"].params, systems["gpt-3"].tokens) == (174.6e9, 300e9)  # arXiv:2005.14165, table D.1
    assert systems["yuan-1-0"].tokens == 180e9
