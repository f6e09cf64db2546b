"""The pages of the programme. Each finds its objects through reach.py and has one right."""
