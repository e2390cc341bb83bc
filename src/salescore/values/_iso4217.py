"""
The current codes of ISO 4217: names, minor units, and the first days that are certain.

Source:
    ISO 4217 currency codes, list one (current) as published by its maintenance agency, SIX
    Financial Information. Facts only, in our own layout. The codes that have left the standard
    stand in the module beside this one.
"""

from __future__ import annotations

from datetime import date

# Code and name, one a line, grouped by the number of digits after the decimal point. The standard
# gives units of account, metals and reserved codes no minor unit; they stand apart.
NO_DIGITS = """
BIF Burundi Franc
CLP Chilean Peso
DJF Djibouti Franc
GNF Guinean Franc
ISK Iceland Krona
JPY Yen
KMF Comorian Franc
KRW Won
PYG Guarani
RWF Rwanda Franc
UGX Uganda Shilling
UYI Uruguay Peso en Unidades Indexadas (UI)
VND Dong
VUV Vatu
XAF CFA Franc BEAC
XOF CFA Franc BCEAO
XPF CFP Franc
"""

TWO_DIGITS = """
AED UAE Dirham
AFN Afghani
ALL Lek
AMD Armenian Dram
AOA Kwanza
ARS Argentine Peso
AUD Australian Dollar
AWG Aruban Florin
AZN Azerbaijan Manat
BAM Convertible Mark
BBD Barbados Dollar
BDT Taka
BMD Bermudian Dollar
BND Brunei Dollar
BOB Boliviano
BOV Mvdol
BRL Brazilian Real
BSD Bahamian Dollar
BTN Ngultrum
BWP Pula
BYN Belarusian Ruble
BZD Belize Dollar
CAD Canadian Dollar
CDF Congolese Franc
CHE WIR Euro
CHF Swiss Franc
CHW WIR Franc
CNY Yuan Renminbi
COP Colombian Peso
COU Unidad de Valor Real
CRC Costa Rican Colon
CUP Cuban Peso
CVE Cabo Verde Escudo
CZK Czech Koruna
DKK Danish Krone
DOP Dominican Peso
DZD Algerian Dinar
EGP Egyptian Pound
ERN Nakfa
ETB Ethiopian Birr
EUR Euro
FJD Fiji Dollar
FKP Falkland Islands Pound
GBP Pound Sterling
GEL Lari
GHS Ghana Cedi
GIP Gibraltar Pound
GMD Dalasi
GTQ Quetzal
GYD Guyana Dollar
HKD Hong Kong Dollar
HNL Lempira
HTG Gourde
HUF Forint
IDR Rupiah
ILS New Israeli Sheqel
INR Indian Rupee
IRR Iranian Rial
JMD Jamaican Dollar
KES Kenyan Shilling
KGS Som
KHR Riel
KPW North Korean Won
KYD Cayman Islands Dollar
KZT Tenge
LAK Lao Kip
LBP Lebanese Pound
LKR Sri Lanka Rupee
LRD Liberian Dollar
LSL Loti
MAD Moroccan Dirham
MDL Moldovan Leu
MGA Malagasy Ariary
MKD Denar
MMK Kyat
MNT Tugrik
MOP Pataca
MRU Ouguiya
MUR Mauritius Rupee
MVR Rufiyaa
MWK Malawi Kwacha
MXN Mexican Peso
MXV Mexican Unidad de Inversion (UDI)
MYR Malaysian Ringgit
MZN Mozambique Metical
NAD Namibia Dollar
NGN Naira
NIO Cordoba Oro
NOK Norwegian Krone
NPR Nepalese Rupee
NZD New Zealand Dollar
PAB Balboa
PEN Sol
PGK Kina
PHP Philippine Peso
PKR Pakistan Rupee
PLN Zloty
QAR Qatari Rial
RON Romanian Leu
RSD Serbian Dinar
RUB Russian Ruble
SAR Saudi Riyal
SBD Solomon Islands Dollar
SCR Seychelles Rupee
SDG Sudanese Pound
SEK Swedish Krona
SGD Singapore Dollar
SHP Saint Helena Pound
SLE Leone
SOS Somali Shilling
SRD Surinam Dollar
SSP South Sudanese Pound
STN Dobra
SVC El Salvador Colon
SYP Syrian Pound
SZL Lilangeni
THB Baht
TJS Somoni
TMT Turkmenistan New Manat
TOP Pa'anga
TRY Turkish Lira
TTD Trinidad and Tobago Dollar
TWD New Taiwan Dollar
TZS Tanzanian Shilling
UAH Hryvnia
USD US Dollar
USN US Dollar (Next day)
UYU Peso Uruguayo
UZS Uzbekistan Sum
VED Bolívar Soberano
VES Bolívar Soberano
WST Tala
XAD Arab Accounting Dinar
XCD East Caribbean Dollar
XCG Caribbean Guilder
YER Yemeni Rial
ZAR Rand
ZMW Zambian Kwacha
ZWG Zimbabwe Gold
"""

THREE_DIGITS = """
BHD Bahraini Dinar
IQD Iraqi Dinar
JOD Jordanian Dinar
KWD Kuwaiti Dinar
LYD Libyan Dinar
OMR Rial Omani
TND Tunisian Dinar
"""

FOUR_DIGITS = """
CLF Unidad de Fomento
UYW Unidad Previsional
"""

NO_MINOR_UNIT = """
XAG Silver
XAU Gold
XBA Bond Markets Unit European Composite Unit (EURCO)
XBB Bond Markets Unit European Monetary Unit (E.M.U.-6)
XBC Bond Markets Unit European Unit of Account 9 (E.U.A.-9)
XBD Bond Markets Unit European Unit of Account 17 (E.U.A.-17)
XDR SDR (Special Drawing Right)
XPD Palladium
XPT Platinum
XSU Sucre
XTS Codes specifically reserved for testing purposes
XUA ADB Unit of Account
XXX The codes assigned for transactions where no currency is involved
"""


# First day of a current currency, where that is certain: its own law names it.
VALID_FROM = {
    "ARS": date(1992, 1, 1),
    "AZN": date(2006, 1, 1),
    "BRL": date(1994, 7, 1),
    "BYN": date(2016, 7, 1),
    "CZK": date(1993, 2, 8),
    "EUR": date(1999, 1, 1),
    "MRU": date(2018, 1, 1),
    "MXN": date(1993, 1, 1),
    "MZN": date(2006, 7, 1),
    "PEN": date(1991, 7, 1),
    "PLN": date(1995, 1, 1),
    "RON": date(2005, 7, 1),
    "SRD": date(2004, 1, 1),
    "STN": date(2018, 1, 1),
    "TMT": date(2009, 1, 1),
    "TRY": date(2005, 1, 1),
    "UYU": date(1993, 3, 1),
    "VED": date(2021, 10, 1),
    "VES": date(2018, 8, 20),
    "XCG": date(2025, 3, 31),
    "ZMW": date(2013, 1, 1),
}
