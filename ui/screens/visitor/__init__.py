"""What visitors see: three touches from *Bonjour* to a number."""
