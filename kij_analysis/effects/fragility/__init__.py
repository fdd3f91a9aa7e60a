"""How fragile a result is: what an unseen trait, a lost answer or one mentor would have to do to it."""
