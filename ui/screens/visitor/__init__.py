"""What visitors see: three touches from *Bonjour* to a number, and the way to a workshop."""
