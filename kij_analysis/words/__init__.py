"""What readers see: words, numbers and dates in five languages, and the term base behind them."""

from kij_analysis.words.causal import causal_words
from kij_analysis.words.speaking import Words, as_words, catalogue, load
from kij_analysis.words.terms import LANGUAGE_NAMES, LANGUAGES, Term, term_base

__all__ = [
    "LANGUAGES", "LANGUAGE_NAMES", "Term", "Words", "as_words", "catalogue", "causal_words", "load",
    "term_base",
]  # fmt: skip
