"""What has left the house: records of releases and exchange files, which nobody changes afterwards."""

from __future__ import annotations

from kij_analysis.erasure.made import made_from, shown
from kij_analysis.study import Study

RELEASES, SHARED = "releases", ".share.json"
"""The folder of the records of releases, and how the files end that `kij share` writes."""


def releases(study: Study) -> tuple[str, ...]:
    """The records of releases and the exchange files that lie in the study."""
    folder = study.root / RELEASES
    left = [path for path in made_from(study) if path.is_relative_to(folder) or path.name.endswith(SHARED)]
    return tuple(shown(path, study) for path in left if path.name != "README.md")
