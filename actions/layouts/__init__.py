"""The layouts of one list: each takes what is shown (`actions.showing`) and gives its template what to draw."""
