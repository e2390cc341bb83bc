"""Standard funnels as data, to be used as they are or changed."""

from __future__ import annotations

from salescore.errors import UnknownName
from salescore.funnel._funnel import Funnel
from salescore.funnel._standard_crm import hubspot_funnel, salesforce_funnel, zoho_funnel
from salescore.funnel._standard_texts import (
    contract_funnel,
    deal_funnel,
    order_funnel,
    signing_funnel,
)

STANDARD_FUNNELS = (
    deal_funnel(),
    signing_funnel(),
    contract_funnel(),
    order_funnel(),
    salesforce_funnel(),
    hubspot_funnel(),
    zoho_funnel(),
)
"""The funnels of the founding texts, and what three CRM systems begin with."""


def standard_funnel(name: str) -> Funnel:
    """
    Return a standard funnel.

    Args:
        name: Its name: deal, signing, contract or order, of the founding texts; salesforce, hubspot
            or zoho.

    Raises:
        UnknownName: There is no such funnel.

    Examples:
        >>> [one.key for one in standard_funnel("deal").stages]
        ['prospect', 'qualified', 'proposal', 'won', 'lost']
    """
    for one in STANDARD_FUNNELS:
        if one.name == name:
            return one
    raise UnknownName("standard funnel", name, tuple(one.name for one in STANDARD_FUNNELS))
