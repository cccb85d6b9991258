"""Actions from files: our own export come back, lists of any kind, and what Trello, Asana and Feishu export.

A file is read into records (`reading`), each record is understood (`terms`) and held against what is here (`comparing`)
and what its bringer may do (`permits`), and what would become of every line (`lines`) is shown before anything is taken
over (`actions.services.imports`).
"""
