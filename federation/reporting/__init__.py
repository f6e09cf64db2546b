"""Figures, exports, charts and the printed report, from the tables for reading. No Django here."""
