"""Sums of the workshop: labour, material and the tax that is in them, in whole fen, rounded half up."""

HUNDREDTHS = 100


def half_up(amount: int, over: int) -> int:
    """`amount / over`, rounded half up; neither is below nothing."""
    return (2 * amount + over) // (2 * over)


def labour(hours: int, rate: int) -> int:
    """Fen for hundredths of a labour hour at so many fen an hour."""
    return half_up(hours * rate, HUNDREDTHS)


def material(quantity: int, price: int) -> int:
    """Fen for hundredths of a unit at so many fen a unit."""
    return half_up(quantity * price, HUNDREDTHS)


def tax_share(total: int, rate: int) -> int:
    """The tax that is in a total, at a rate in per cent: marked prices include it."""
    return half_up(total * rate, HUNDREDTHS + rate)
