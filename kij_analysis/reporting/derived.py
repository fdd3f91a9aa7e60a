"""What is computed across programmes: named in the notebook, computed from what may leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from kij_analysis import estimates


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A function that makes estimates from the protected frame of an item, and its options."""

    make: Callable[..., pd.DataFrame]
    options: Mapping[str, Any] = field(default_factory=dict)

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """What the function makes of a frame."""
        return self.make(frame, **self.options)

    def given(self, options: Mapping[str, Any]) -> Derived:
        """The same function with some options put in the place of others."""
        return replace(self, options={**self.options, **options})


def derived(make: Callable[..., pd.DataFrame] = estimates.make, **options: Any) -> Derived:
    """Estimates that a figure or table gets computed from its protected frame.

    What rests on several programmes at once, such as a pooled mean, is named in the notebook and computed
    after all numbers have been protected, so that it tells nothing that they do not; and where the
    programmes' numbers come from several machines (`kij combine`) it is computed from all of them.

    Parameters
    ----------
    make
        A public function that takes a frame of estimates first; without one, the protected frame itself.
    options
        Its other arguments; estimates among them are protected too.

    Examples
    --------
    >>> from kij_analysis import estimates as e, survey
    >>> rows = [{"programme": p, "variable": "employed", "measure": "risk_difference", "estimate": y,
    ...          "std_error": 0.05, "method": "none", "data_status": "observed"}
    ...         for p, y in (("fika", 0.25), ("sajo", 0.05))]
    >>> derived(survey.pool, model="common").of(e.make(rows))["estimate"].round(2).tolist()
    [0.15]
    """
    return Derived(make=make, options=options)
