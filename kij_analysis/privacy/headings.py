"""Columns whose heading or question says that they hold an identifier, in the five languages."""

from __future__ import annotations

import re
import unicodedata

WORDS = {
    "name": (
        "navn fornavn efternavn etternavn mellemnavn mellomnavn fuldenavn deltagernavn deltakernavn "
        "mentornavn menteenavn kontaktnavn namn förnamn efternamn mellannamn deltagarnamn mentornamn "
        "nimi etunimi sukunimi kutsumanimi kokonimi name firstname lastname surname forename fullname"
    ),
    "email": (
        "email emails emailadresse emailadress emailaddress mail mailadresse mailadress epost epostadresse "
        "epostadress sähköposti sähköpostiosoite sposti spostiosoite meili"
    ),
    "phone": (
        "telefon telefonnr telefonnummer telefonnumre tlf tlfnr mobil mobilnr mobilnummer mobiltelefon "
        "mobiili puhelin puhelinnumero puhelinnro puh puhnro matkapuhelin kännykkä phone phonenumber "
        "telephone mobile gsm"
    ),
    "address": (
        "adresse hjemmeadresse boligadresse postadresse bopælsadresse gateadresse gadenavn adress "
        "bostadsadress hemadress gatuadress osoite kotiosoite katuosoite address streetaddress"
    ),
    "national": (
        "cpr cprnr cprnummer personnummer personnr pnr samordningsnummer fødselsnummer fødselsnr "
        "fodselsnummer fnr dnummer dnr henkilötunnus henkilotunnus hetu sotu ssn nationalid"
    ),
    "ip": "ip ipadresse ipadress ipaddress iposoite",
}
"""Words that stand in short headings; hyphens, blanks and underscores between their parts do not count."""
LONGEST = 4
"""A heading of more words is a question, which only asks for an identifier if it says whose."""
ASKED = {
    "name": r"(?:dit|ditt|your|full|fulde|fullt|hele) (?:\w+ )?(?:navn|namn|name)\b|\bnimesi\b",
    "email": r"(?:din|your) (?:e-?mail|mail|e-?post)|sähköposti(?:si|osoitteesi)\b",
    "phone": r"(?:dit|ditt|din|your) (?:\w+ )?(?:telefon|mobil|phone)(?:nr|nummer)?\b|puhelinnumerosi\b",
    "address": r"(?:din|your) (?:\w+ )?(?:adresse|adress|address)\b|(?<!posti)\bosoitteesi\b",
    "national": r"(?:dit|ditt) (?:cpr-?(?:nr|nummer)|personnummer|fødselsnummer)|henkilötunnuksesi\b",
}
KNOWN = {word: kind for kind, words in WORDS.items() for word in words.split()}


def said(heading: str, question: str = "") -> str:
    """The kind of identifier that a heading, or the question in the file, says the column holds.

    Examples
    --------
    >>> said("E-mail"), said("Etunimi"), said("Hvad er dit telefonnummer?"), said("Firmanavn")
    ('email', 'name', 'phone', '')
    """
    return _said(heading) or (_said(question) if question else "")


def _said(text: str) -> str:
    plain = unicodedata.normalize("NFC", text)
    plain = re.sub(r"(?<=[a-zæøåäö])(?=[A-ZÆØÅÄÖ])", " ", plain).casefold()
    words = [word for word in re.split(r"[\W_]+", plain.replace("-", "")) if word]
    if len(words) <= LONGEST:
        joined = "".join(words)
        found = [KNOWN[word] for word in (*words, joined) if word in KNOWN]
        # Of a heading such as "e-mailadresse" or "IP-adresse" the more telling part counts.
        found.sort(key=lambda kind: kind in ("name", "address"))
        if found:
            return found[0]
    return next((kind for kind, form in ASKED.items() if re.search(form, plain)), "")
