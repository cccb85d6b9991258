"""Incidents and problems: reported in a minute, told up the line at once, followed until somebody closes them."""
