"""Figures for funders, as pages and files. Counts nothing: federation/reporting does."""
