"""Replies to invitations that calendars send by mail: how they are read, and whom they are believed from."""
