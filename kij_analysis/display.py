"""How notebooks show frames: estimates as readable tables, everything else as pandas does."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from kij_analysis.words import Words

__all__ = ["in_notebooks", "shown"]


def shown(frame: pd.DataFrame, words: Words | str = "en") -> str:
    """A frame as HTML: a readable table if it holds estimates, else what pandas makes of it.

    Examples
    --------
    >>> import pandas as pd
    >>> "<th>age</th>" in shown(pd.DataFrame({"age": [31]}))
    True
    """
    from kij_analysis.errors import KijError
    from kij_analysis.estimates import COLUMNS
    from kij_analysis.tables import readable

    if set(COLUMNS) <= set(frame.columns) and len(frame):
        try:
            return readable(frame, words)._repr_html_()
        except (KijError, ValueError, TypeError, KeyError):
            pass  # somebody's own frame that only looks like estimates
    return str(frame._repr_html_())


def in_notebooks(words: Words | str = "en") -> bool:
    """Have IPython and JupyterLab show frames of estimates as tables, in a language.

    `import kij_analysis` does so in English, `kij.chapter` in the first language of the chapter. Outside
    IPython nothing happens, and pandas' own settings are left alone.

    Returns
    -------
    bool
        Whether there is an IPython to tell.

    Examples
    --------
    >>> in_notebooks("fi") in (True, False)
    True
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return False
    html = shell.display_formatter.formatters["text/html"]
    show = partial(shown, words=words)
    if "pandas" in sys.modules:
        html.for_type(sys.modules["pandas"].DataFrame, show)
    else:  # nobody has loaded pandas yet, and this does not either
        html.for_type_by_name("pandas", "DataFrame", show)
    return True
