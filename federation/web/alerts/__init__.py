"""What needs care, told once. Decides nothing that federation/alerting.py can decide."""
