"""
The codes that have left ISO 4217 since 1990: digits, first and last day, name.

A day stands here only where it is certain; "-" says that it is not. The last day of a currency that
gave way to the euro is the last one before all accounts were in euro (for the first twelve
2001-12-31, the end of the transition), though its cash went on for some weeks. Elsewhere list three
names a month, and the day is the last before the new unit began or, where that month is the end of
a time in which both were lawful, the last of that time. Where the month is neither, a day stands
only if the law of the change leaves no doubt.

Source:
    ISO 4217 list three (withdrawn codes, with the month of withdrawal) as published by its
    maintenance agency, SIX Financial Information, edition of 2026-01-01; digits after the point as
    in the standard's tables while the code was current; last days before the euro from the
    European Central Bank; other days compared with the Unicode CLDR supplemental currency data.
    Facts only, in our own layout.
"""

# Code, digits after the decimal point, first day, last day, name; one a line, sorted by code.
FORMER = """
ADP 0 - - Andorran Peseta
AFA 2 - 2002-12-31 Afghani
ANG 2 - 2025-03-30 Netherlands Antillean Guilder
AOK 2 - - Kwanza
AON 2 - - New Kwanza
AOR 2 - - Kwanza Reajustado
ARA 2 - 1991-12-31 Austral
ATS 2 - 2001-12-31 Schilling
AYM 2 - - Azerbaijan Manat
AZM 2 - 2005-12-31 Azerbaijanian Manat
BAD 2 - - Dinar
BEC 2 - - Convertible Franc
BEF 0 - 2001-12-31 Belgian Franc
BEL 2 - - Financial Franc
BGL 2 - - Lev
BGN 2 1999-07-05 2025-12-31 Bulgarian Lev
BRE 2 1990-03-16 1993-07-31 Cruzeiro
BRN 2 - 1990-03-15 New Cruzado
BRR 2 1993-08-01 1994-06-30 Cruzeiro Real
BUK 2 - - Kyat
BYB 0 - 2000-12-31 Belarusian Ruble
BYR 0 2000-01-01 2016-12-31 Belarusian Ruble
CHC 2 - - WIR Franc (for electronic)
CSD 2 - - Serbian Dinar
CSK 2 - 1993-02-07 Koruna
CUC 2 - 2021-06-30 Peso Convertible
CYP 2 - 2007-12-31 Cyprus Pound
DDM 2 - 1990-06-30 Mark der DDR
DEM 2 - 2001-12-31 Deutsche Mark
ECS 2 - - Sucre
ECV 2 - - Unidad de Valor Constante (UVC)
EEK 2 - 2010-12-31 Estonian Kroon
ESB 2 - 1994-12-31 "A" Account (convertible Peseta Account)
ESP 0 - 2001-12-31 Spanish Peseta
FIM 2 - 2001-12-31 Markka
FRF 2 - 2001-12-31 French Franc
GEK 2 - - Georgian Coupon
GHC 2 - 2007-12-31 Cedi
GHP 2 - - Ghana Cedi
GRD 0 - 2001-12-31 Drachma
GWP 2 - - Guinea-Bissau Peso
HRD 2 - - Croatian Dinar
HRK 2 1994-05-30 2022-12-31 Croatian Kuna
IEP 2 - 2001-12-31 Irish Pound
ITL 0 - 2001-12-31 Italian Lira
LTL 2 1993-06-25 2014-12-31 Lithuanian Litas
LTT 2 - - Talonas
LUC 2 - - Luxembourg Convertible Franc
LUF 0 - 2001-12-31 Luxembourg Franc
LUL 2 - - Luxembourg Financial Franc
LVL 2 - 2013-12-31 Latvian Lats
LVR 2 - - Latvian Ruble
MGF 0 - 2004-12-31 Malagasy Franc
MRO 2 - 2017-12-31 Ouguiya
MTL 2 - 2007-12-31 Maltese Lira
MXP 2 - 1992-12-31 Mexican Peso
MZM 2 - 2006-06-30 Mozambique Metical
NIC 2 - - Cordoba
NLG 2 - 2001-12-31 Netherlands Guilder
PEI 2 - 1991-06-30 Inti
PLZ 2 - 1996-12-31 Zloty
PTE 0 - 2001-12-31 Portuguese Escudo
ROL 2 - 2005-06-30 Old Leu
RUR 2 - - Russian Ruble
SDD 2 - 2007-06-30 Sudanese Dinar
SDP 2 - - Sudanese Pound
SIT 2 - 2006-12-31 Tolar
SKK 2 1993-02-08 2008-12-31 Slovak Koruna
SLL 2 - 2023-12-31 Leone
SRG 2 - 2003-12-31 Surinam Guilder
STD 2 - 2017-12-31 Dobra
SUR 2 - - Rouble
TJR 2 - - Tajik Ruble
TMM 2 - 2008-12-31 Turkmenistan Manat
TPE 0 - - Timor Escudo
TRL 0 - 2005-12-31 Old Turkish Lira
UAK 2 - - Karbovanet
USS 2 - - US Dollar (Same day)
UYP 2 - 1993-02-28 Uruguayan Peso
VEB 2 - 2007-12-31 Bolivar
VEF 2 2008-01-01 2018-08-19 Bolívar
YDD 2 - - Yemeni Dinar
YUD 2 - 1989-12-31 New Yugoslavian Dinar
YUM 2 - - New Dinar
YUN 2 1990-01-01 - Yugoslavian Dinar
ZAL 2 - - Financial Rand
ZMK 2 - 2012-12-31 Zambian Kwacha
ZRN 2 - - New Zaire
ZRZ 2 - - Zaire
ZWD 2 - 2008-07-31 Zimbabwe Dollar
ZWL 2 2009-02-02 2024-08-31 Zimbabwe Dollar
ZWR 2 2008-08-01 2009-06-30 Zimbabwe Dollar
"""

# Units of account that have left the standard; it gave them no minor unit.
FORMER_WITHOUT_MINOR_UNIT = """
XEU 0 - 1998-12-31 European Currency Unit (E.C.U)
XFO 0 - - Gold-Franc
XFU 0 - - UIC-Franc
XRE 0 - - RINET Funds Code
"""
