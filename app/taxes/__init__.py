"""Withholding tax on rent and the tax of a year: dated data per country, and the sums made with it."""
