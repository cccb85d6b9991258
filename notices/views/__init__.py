"""The pages of notices, by what they are about."""
