"""Synthetic people of a region, known to the simulated registers; each number is another person."""

from itertools import count

from bastau.gateways.simulators.people import make_iin, synthetic


def resident(region: str, number: int) -> str:
    """The IIN of the `number`-th living, registered unemployed person who lives in `region` (KATO prefix)."""
    for n in count(1):
        iin = make_iin(n)
        known = synthetic(iin) or {}
        if (
            known.get("residence", "").startswith(region)
            and known["alive"]
            and known["labour"]["registered_unemployed"]
        ):
            number -= 1
            if number == 0:
                return iin
    raise AssertionError("unreachable")
