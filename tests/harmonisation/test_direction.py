"""The direction check: which item of which file stands the other way round, and how sure that must be."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from study_maker import CODEBOOK, crosswalk, make_study

from kij_analysis.errors import HarmonisationError, StudyError
from kij_analysis.harmonisation import check, harmonise
from kij_analysis.harmonisation.direction import judged
from kij_analysis.harmonisation.rank_correlation import Correlation, pooled, spearman
from kij_analysis.study import Study

ITEMS = ("equality", "mutuality", "trust", "choice")
STEPS = ("Slet ikke", "I nogen grad", "I høj grad")
OUTPUTS = "outputs: {score: {type: number, minimum: 0, maximum: 100}, high: {type: boolean}}"
FAMILY = "families: {relation: {basis: one relationship, variables: [VARIABLES]}}\n"


def codebook(variables: str = ", ".join(ITEMS)) -> dict[str, str]:
    """The small codebook with four scales that belong together."""
    more = "".join(
        f"  {name}: {{concept: {name}., frame: answers, type: scale, labels: *any, {OUTPUTS}}}\n"
        for name in ITEMS
    )
    text = CODEBOOK["variables.yaml"] + more + FAMILY.replace("VARIABLES", variables)
    return {**CODEBOOK, "variables.yaml": text}


def rules(*items: str) -> str:
    made = [
        f"{item}: {{rescale: {{from: {item.title()}, scale: grade3_da, "
        "outputs: {score: {method: stretch}}}, status: complete}"
        for item in items
    ]
    return "\n".join(made)


def answers(n: int, *, reverse: str = "", items: tuple[str, ...] = ITEMS, seed: int = 1) -> str:
    """An export of `n` persons with one relationship behind all items, some of them turned round."""
    rng = np.random.default_rng(seed)
    common = np.random.default_rng(0).normal(size=n)
    lines = [";".join(["Id", *(item.title() for item in items)])]
    columns = []
    for item in items:
        steps = np.digitize(common + rng.normal(size=n), [-0.7, 0.7])
        columns.append(2 - steps if item in reverse.split() else steps)
    lines += [";".join([f"p{i}", *(STEPS[c[i]] for c in columns)]) for i in range(n)]
    return "\n".join(lines) + "\n"


def study(folder: Path, files: dict[str, str], **changes: dict[str, str]) -> Study:
    """One programme for each file, so that no two files hold the same persons."""
    programmes = ("kvinfo", "fika")
    crosswalks = {
        name: crosswalk(
            rules(*(item for item in ITEMS if item.title() in text.splitlines()[0])),
            id=name.split(".")[0],
            programme=programme,
            **changes,
        )
        for (name, text), programme in zip(files.items(), programmes, strict=False)
    }
    return make_study(folder, files, crosswalks, codebook=codebook())


def waves(folder: Path, files: dict[str, str], items: tuple[str, ...]) -> Study:
    """The same persons in one file for each wave."""
    crosswalks = {
        name: crosswalk(rules(*items), id=name.split(".")[0], wave=name.split(".")[0]) for name in files
    }
    return make_study(folder, files, crosswalks, codebook=codebook())


def told(found: Study) -> list[str]:
    return [str(problem) for problem in check(found).problems]


def test_items_that_run_with_their_family_are_no_problem(tmp_path: Path):
    fine = study(tmp_path, {"a.csv": answers(80), "b.csv": answers(60, seed=2)})
    assert told(fine) == []
    assert set(harmonise(fine).ledger.direction["verdict"]) == {"fits"}


def test_a_reversed_item_is_told_with_its_file_column_and_the_other_files(tmp_path: Path):
    found = study(tmp_path, {"a.csv": answers(80, reverse="trust"), "b.csv": answers(60, seed=2)})
    (one,) = told(found)
    assert re.fullmatch(
        r"a\.csv, column 'Trust': for trust: the answers seem to stand the other way round: the correlation "
        r"with 'equality', 'mutuality', 'choice' is −0\.\d\d here \(n = 80\) and 0\.\d\d in the other files "
        r"\(n = 60\)\. Hold the codes and labels of the export and the steps of the scale 'grade3_da' "
        r"against the questionnaire, and turn round what is wrong\. If all is right, say so under "
        r"direction_checked: in crosswalks/a\.yaml\.",
        one,
    )
    assert check(found).exit_code == 5
    with pytest.raises(HarmonisationError, match="stand the other way round"):
        harmonise(found)


def test_a_reversed_item_of_the_only_file_is_told_against_the_codebook(tmp_path: Path):
    (one,) = told(study(tmp_path, {"a.csv": answers(80, reverse="equality")}))
    assert one.startswith("a.csv, column 'Equality'") and "other files" not in one


def test_the_relatives_of_a_reversed_item_are_not_accused(tmp_path: Path):
    three = answers(150, reverse="trust", items=ITEMS[:3])
    (one,) = told(study(tmp_path, {"a.csv": three}))
    assert "for trust:" in one


def test_of_two_items_nobody_can_say_which_is_reversed(tmp_path: Path):
    both = told(study(tmp_path, {"a.csv": answers(120, reverse="trust", items=ITEMS[1:3])}))
    assert [re.search(r"for (\w+):", line)[1] for line in both] == ["mutuality", "trust"]
    assert all("unless it is the others that are reversed" in line for line in both)


def test_few_answers_are_a_notice_and_very_few_are_none(tmp_path: Path):
    rest = answers(200, seed=2)
    for n, severities in ((8, []), (20, ["notice"])):
        few = study(tmp_path / str(n), {"a.csv": answers(n, reverse="trust", seed=4), "b.csv": rest})
        found = check(few)
        assert [problem.severity for problem in found.problems] == severities
        assert found.exit_code == 0
    (notice,) = found.problems
    assert notice.column == "Trust" and "Not sure enough to stop" in notice.fix


def test_items_that_go_together_nowhere_stop_nothing():
    """Pure chance in many files: some intervals lie below 0, and the family holds together in none."""
    chance = np.random.default_rng(11).normal(0, 57**-0.5, 400)
    found = [Correlation(z=z, std_error=57**-0.5, n=60) for z in chance - chance.mean()]
    elsewhere = pooled(found)
    verdicts = [judged(one, elsewhere, turned=one.negative()) for one in found]
    assert verdicts.count("doubtful") > 2 and "against" not in verdicts


def test_the_same_persons_in_another_wave_show_an_item_that_has_no_family(tmp_path: Path):
    files = {name: answers(60, items=ITEMS[:1]) for name in ("entry.csv", "end.csv")}
    files["follow_up.csv"] = answers(60, items=ITEMS[:1], reverse="equality")
    (one,) = told(waves(tmp_path, files, ITEMS[:1]))
    assert one.startswith("follow_up.csv, column 'Equality': for equality: the answers seem to stand")
    assert one.count("with the same persons' answers in") == 2


def test_a_file_in_which_every_item_is_reversed_shows_by_the_other_wave(tmp_path: Path):
    files = {"entry.csv": answers(90), "end.csv": answers(90, reverse=" ".join(ITEMS))}
    found = told(waves(tmp_path, files, ITEMS))
    assert [line.split(",")[0] for line in found] == ["end.csv"] * 4


def test_another_wave_says_which_of_two_items_is_reversed(tmp_path: Path):
    two = ITEMS[1:3]
    files = {"entry.csv": answers(120, items=two), "end.csv": answers(120, items=two, reverse="trust")}
    (one,) = told(waves(tmp_path, files, two))
    assert one.startswith("end.csv, column 'Trust'")


def test_somebody_who_has_looked_says_so_in_the_crosswalk(tmp_path: Path):
    files = {"a.csv": answers(80, reverse="trust")}
    found = check(study(tmp_path, files, direction_checked={"trust": "asked as mistrust; see the form"}))
    assert [problem.severity for problem in found.problems] == ["notice"]
    assert "The crosswalk says that this is right: asked as mistrust; see the form." in str(found.problems[0])
    assert found.exit_code == 0


def test_marking_costs_the_reversed_item_alone(tmp_path: Path):
    found = study(tmp_path, {"a.csv": answers(80, reverse="trust"), "b.csv": answers(60, seed=2)})
    data = harmonise(found, on_problem="mark").answers
    here = data[data["programme"] == "kvinfo"]
    assert here["trust_score"].isna().all() and set(here["trust_score_missing"]) == {"rule_failed"}
    assert here["equality_score"].notna().all()
    assert data.loc[data["programme"] == "fika", "trust_score"].notna().all()


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ("trust, equalty", "There is no variable 'equalty'. Did you mean 'equality'?"),
        ("trust, place", "The answers to 'place' have no order"),
        ("trust, status", "The answers to 'status' have no order"),
    ],
)
def test_a_family_of_what_cannot_belong_together_is_a_mistake_of_the_codebook(
    tmp_path: Path, variables: str, told: str
):
    book = codebook(variables)
    found = make_study(tmp_path, {"a.csv": answers(9)}, {"a.csv": crosswalk(rules("trust"))}, codebook=book)
    with pytest.raises(StudyError, match=re.escape(told)):
        harmonise(found)


def test_a_variable_stands_in_one_family(tmp_path: Path):
    book = codebook("trust, choice")
    book["variables.yaml"] += "  other: {basis: test, variables: [equality, trust]}\n"
    book["variables.yaml"] = book["variables.yaml"].replace(
        "families: {relation: {basis: one relationship, variables: [trust, choice]}}",
        "families:\n  relation: {basis: one relationship, variables: [trust, choice]}",
    )
    found = make_study(tmp_path, {"a.csv": answers(9)}, {"a.csv": crosswalk(rules("trust"))}, codebook=book)
    with pytest.raises(StudyError, match="'trust' stands in the family relation too"):
        harmonise(found)


def test_a_checked_direction_names_a_variable_of_the_codebook(tmp_path: Path):
    files = {"a.csv": answers(30)}
    with pytest.raises(StudyError, match=r"no variable 'trus'\. Did you mean 'trust'"):
        harmonise(study(tmp_path, files, direction_checked={"trus": "looked at"}))


def test_the_correlation_is_spearmans_with_ties_and_gaps():
    rng = np.random.default_rng(3)
    one = pd.Series(rng.integers(1, 6, 70).astype(float))
    other = pd.Series(one + rng.integers(0, 5, 70))
    other[::9] = np.nan
    expected = stats.spearmanr(one, other, nan_policy="omit").statistic
    found = spearman(one, other)
    assert found.estimate == pytest.approx(expected) and found.n == other.notna().sum()
    error = np.sqrt((1 + expected**2 / 2) / (found.n - 3))
    for level in (0.95, 0.99):
        edges = np.arctanh(expected) + stats.norm.ppf([(1 - level) / 2, (1 + level) / 2]) * error
        assert found.interval(level) == pytest.approx(tuple(np.tanh(edges)))


def test_correlations_that_do_not_exist_say_so():
    assert spearman(pd.Series([1.0, 1.0, 1.0, 1.0, 1.0]), pd.Series(range(5))).interval() == (-1, 1)
    assert np.isnan(spearman(pd.Series([1.0, 2.0]), pd.Series([1.0, 2.0])).estimate)
    assert pooled([]).n == 0
