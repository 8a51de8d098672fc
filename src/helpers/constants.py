"""Constants and units that more than one place needs, each once."""

SECOND_PER_HOUR = 3_600
SECOND_PER_DAY = 86_400
DAY_PER_YEAR = 365.25
SECOND_PER_YEAR = DAY_PER_YEAR * SECOND_PER_DAY
PETAFLOP_PER_S_DAY_FLOP = 8.64e19  # 1e15 FLOP/s kept up for a day (arXiv:2005.14165, appendix D)
JOULE_PER_KWH = 3.6e6
JOULE_PER_MWH = 3.6e9
NINETY_PERCENT = 1.6448536269514722  # standard deviations on either side of the middle 90 % of a normal distribution
NINETY_FIVE_PERCENT = 1.959963984540054  # the same of the middle 95 %
