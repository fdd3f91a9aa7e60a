"""The data of others that the estimators are tried on are what the papers say."""

from __future__ import annotations

import sys

import pytest

from kij_analysis import effects
from kij_analysis.errors import UsageError


def test_the_experiment_and_its_controls_are_those_of_the_papers():
    pytest.importorskip("causaldata", reason="the optional package with the data is not installed")
    persons = effects.nsw()
    sizes = persons.groupby("sample")["treat"].agg(["size", "sum"])
    assert sizes.loc["nsw"].tolist() == [445, 185] and sizes.loc["cps"].tolist() == [15992, 0]
    drawn = effects.compare(
        persons[persons["sample"] == "nsw"], outcome="re78", treated="treat",
        covariates=list(effects.NSW_COVARIATES), estimators=["difference_in_means"], population="all",
    )  # fmt: skip
    assert round(drawn["estimate"].iloc[0]) == 1794


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "causaldata", None)
    with pytest.raises(UsageError, match="is not installed") as caught:
        effects.nsw()
    assert "kij-analysis[validation]" in str(caught.value)
