"""How finely a growth rate is printed."""

#: Decimals of a printed growth rate: tenths of a per cent.
GROWTH_PLACES = 3
