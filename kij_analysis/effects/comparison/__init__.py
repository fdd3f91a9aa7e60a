"""Treated persons held against comparison persons, at level 3 to 5 of the Maryland scale."""
