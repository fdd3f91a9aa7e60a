"""The built wheel gives a working study folder outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from study_maker import with_sources

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str, cwd: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """A command that finds the installed wheel before the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(path)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_built_wheel_and_kij_init_give_a_study_in_which_kij_report_works(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)]
    built = run(*build, cwd=tmp_path, path=tmp_path)
    assert built.returncode == 0, built.stderr
    wheel = next(tmp_path.glob("*.whl"))
    installed = tmp_path / "installed"
    run(*pip, "install", "--no-deps", "--target", str(installed), str(wheel), cwd=tmp_path, path=tmp_path)

    kij = [sys.executable, "-m", "kij_analysis"]
    made = run(*kij, "init", "my-study", cwd=tmp_path, path=installed)
    assert made.returncode == 0, made.stderr
    study = tmp_path / "my-study"
    assert (installed / "kij_analysis" / "template" / "study.yaml").exists()
    asked = run(
        sys.executable, "-c", "import kij_analysis; print(kij_analysis.__file__)", cwd=study, path=installed
    )
    assert str(installed) in asked.stdout, "the checkout was used instead of the wheel"

    # Which chapters, and how many exports, is not the wheel's business.
    with_sources(study, "kvinfo_end_2024", "fika_end_2024", "sajo_end_2024")
    report = run(*kij, "report", "--only", "data", "--language", "en", cwd=study, path=installed)
    assert report.returncode == 0, report.stderr
    page = (study / "report" / "report-en.html").read_text("utf-8")
    assert "Synthetic data, not real answers" in page
    assert (study / "figures" / "en" / "status_matrix.svg").exists()
    assert (study / "data" / "processed" / "answers.parquet").exists()
