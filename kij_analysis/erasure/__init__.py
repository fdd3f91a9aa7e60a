"""A person removed from everything that was made from the data, and the proof of it."""

from kij_analysis.erasure.forgetting import forget
from kij_analysis.erasure.raw_files import Place
from kij_analysis.erasure.record import Erasure
from kij_analysis.erasure.tidying import Tidied, tidy

__all__ = ["Erasure", "Place", "Tidied", "forget", "tidy"]
