"""Small bank files written by hand: two OFX writings and a CAMT.053 statement of the same October."""

_OFX = (
    "<OFX><SIGNONMSGSRSV1></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>KES{c}"
    "<BANKACCTFROM><BANKID>7{d}<ACCTID>0118002301{e}</BANKACCTFROM><BANKTRANLIST>"
    "<DTSTART>20261001{f}<DTEND>20261031{g}"
    "<STMTTRN><TRNTYPE>CREDIT{a}<DTPOSTED>20261002120000[+3:EAT]{b}<TRNAMT>5000.00{h}<FITID>F1{i}"
    "<NAME>Zoë &amp; Sons{j}<MEMO>October{k}</STMTTRN>\n"
    "<STMTTRN><TRNTYPE>FEE{a}<DTPOSTED>20261003{b}<TRNAMT>-150.50{h}<FITID>F2{i}<NAME>Ledger{j}</STMTTRN>\n"
    "</BANKTRANLIST><LEDGERBAL><BALAMT>5849.50{l}<DTASOF>20261031{m}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)
_TAGS = ("TRNTYPE", "DTPOSTED", "CURDEF", "BANKID", "ACCTID", "DTSTART", "DTEND", "TRNAMT", "FITID", "NAME")
_ENDS = dict(zip("abcdefghijklm", (*_TAGS, "MEMO", "BALAMT", "DTASOF"), strict=True))


def ofx1(codec: str = "utf-8", charset: str = "NONE") -> bytes:
    """OFX 1: SGML whose values are not closed."""
    told = ("OFXHEADER:100", "DATA:OFXSGML", "VERSION:102", "SECURITY:NONE", "ENCODING:USASCII", f"CHARSET:{charset}")
    head = "\r\n".join([*told, "", ""])
    return (head + _OFX.format(**dict.fromkeys(_ENDS, ""))).encode(codec)


def ofx2() -> bytes:
    """OFX 2: XML."""
    head = '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE"?>'
    return (head + _OFX.format(**{name: f"</{tag}>" for name, tag in _ENDS.items()})).encode()


def _entry(amount: str, sign: str, day: str, *, ref: str, status: str = "BOOK", more: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="KES">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>2026-10-04</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef>{more}</Ntry>"
    )


def _payment(amount: str, name: str) -> str:
    return (
        f'<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="KES">{amount}</Amt>'
        f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties></TxDtls>"
    )


def _balance(code: str, amount: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="KES">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


def camt(version: int = 8, closing: str = "5849.50") -> bytes:
    """CAMT.053: a batch of two payments, a fee, and an entry that is not booked yet."""
    batch = "<NtryDtls>" + _payment("2000.00", "Ann Otieno") + _payment("3000.00", "Ben Kip") + "</NtryDtls>"
    fee = "<AddtlNtryInf>Ledger fee</AddtlNtryInf>"
    return (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02}">'
        "<BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><Othr><Id>0118002301</Id></Othr></Id><Ccy>KES</Ccy></Acct>"
        + _balance("OPBD", "1000.00", "2026-10-01")
        + _balance("CLBD", closing, "2026-10-31")
        + _entry("5000.00", "CRDT", "2026-10-02", ref="A1", more=batch)
        + _entry("150.50", "DBIT", "2026-10-03", ref="A2", more=fee)
        + _entry("70.00", "CRDT", "2026-10-31", ref="A3", status="PDNG")
        + "</Stmt></BkToCstmrStmt></Document>"
    ).encode()
