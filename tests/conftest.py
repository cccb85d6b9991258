"""What every test leans on: a real worker, a real mail server, a real browser, and guards that fail a test for
what it did not look at (a logged error, an undefined template variable, a breach of the content security policy).
"""

pytest_plugins = [
    "tests.plugins.guards",
    "tests.plugins.browser",
    "tests.plugins.worker",
    "tests.plugins.mail",
]
