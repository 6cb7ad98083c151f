"""Secrets that nobody gave out: where one of them stands in a log, a file or a database, a real one would."""

import re

#: Tokens in the form of each platform's own. Tests that need a secret take one of these.
CANARY_TELEGRAM = "700000001:AACanary-telegram-loa-7Yk2Qw9Zx4Vb"
CANARY_TELEGRAM_APPROVAL = "700000002:AACanary-approval-loa-3Hn8Rt5Mc1Lp"
CANARY_FACEBOOK = "EAACanaryFacebookLoa6Df0Gs4Jk8Pq2Wz"
CANARY_FACEBOOK_APP = "canaryappsecret0loa9c1e7b5f3d2a"
CANARY_ZALO = "canary-zalo-access-loa-5Tb1Nv7Xr3Ks"
CANARY_MAIL = "canary-mail-password-loa-8Ud3Ye6Wq1Hf"
#: A PIN is digits only; this one stands in no number of ours.
CANARY_PIN = "849302716485"
#: What belongs to a person: an address stands in settings and in letters, nowhere else; a Telegram number
#: besides in the ledger, which knows by it where a card lies.
CANARY_EMAIL = "canary-dia-chi-loa@gialai.example"
CANARY_TELEGRAM_ID = 5_001_730_946_128

CANARIES = (
    CANARY_TELEGRAM,
    CANARY_TELEGRAM_APPROVAL,
    CANARY_FACEBOOK,
    CANARY_FACEBOOK_APP,
    CANARY_ZALO,
    CANARY_MAIL,
    CANARY_PIN,
)

#: A canary in any of its spellings: as it is, with `:` as it stands in an address, or without its number;
#: and the tokens of rehearsal, which the real code makes and hands out as it does real ones.
SECRET = re.compile(
    "|".join(re.escape(spelling) for canary in CANARIES for spelling in (canary, canary.split(":")[-1]))
    + r"|\d{9}(?::|%3[Aa])rehearsal-[\w-]{20,}"
)

#: The same for what belongs to a person.
PERSONAL = re.compile(f"{re.escape(CANARY_EMAIL)}|{CANARY_TELEGRAM_ID}")
