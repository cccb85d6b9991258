"""The streams of live rooms: server-sent events from a small process of its own (config/events.py).

    bell (Redis) ─┐
                  ├→ hub: reads a room once (PostgreSQL), tells all who watch it → one stream per screen
    every 2–10 s ─┘

PostgreSQL is the truth; the bell only says when to look. Nothing that goes out names an item or a person.
"""
