"""Every example of the guide to crosswalks is a rule that loads and compiles with the shipped codebook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from study_maker import crosswalk, write

from kij_analysis.codebook import Codebook, load_codebook, load_crosswalk
from kij_analysis.codebook.rule_files import KINDS
from kij_analysis.harmonisation import compile_crosswalk
from kij_analysis.template import template_folder

GUIDE = Path(__file__).parents[2] / "docs" / "crosswalks.md"
SECTION = GUIDE.read_text("utf-8").split("## Every kind of rule\n")[1].split("\n## ")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(template_folder() / "codebook")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: " ".join(text.split()[:2]))
def test_an_example_of_the_guide_is_a_rule(tmp_path: Path, codebook: Codebook, example: str):
    path = tmp_path / "crosswalks" / "kv_end.yaml"
    write(path, crosswalk(example))
    found = compile_crosswalk(load_crosswalk(path, codebook), codebook)
    assert [part.rule for part in found.rules if part.rule.line is not None]


def test_every_kind_of_rule_stands_in_the_guide():
    text = GUIDE.read_text("utf-8")
    assert [kind for kind in KINDS if f"`{kind}" not in text and f"{kind}:" not in text] == []
    shown = {kind for kind in KINDS for example in EXAMPLES if re.search(rf"^ +{kind}:", example, re.M)}
    assert set(KINDS) - shown == {"impossible", "undetermined", "not_applicable"}
