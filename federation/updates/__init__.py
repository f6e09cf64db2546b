"""A new system for the units, by waves that stop at the first failure. Installs nothing itself."""
