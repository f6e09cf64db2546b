"""What planners and the desk type, checked. Decides no seat."""
