"""How static files are stored for serving."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# An `import` in a script names the hashed file too, so that no browser joins a new script with an old one it still
# keeps, or has one module twice under two names. Only for our own: packages ship modules that import files they do
# not ship.
OUR_IMPORTS = (
    "js/*.js",
    (
        (
            r"""(?P<matched>import(?s:(?P<import>\s*\{.*?))\s*from\s*['"](?P<url>\.{1,2}/.*?)["']\s*;)""",
            """import%(import)s from "%(url)s";""",
        ),
        (
            r"""(?P<matched>export(?s:(?P<exports>\s*\{.*?))\s*from\s*['"](?P<url>\.{1,2}/.*?)["']\s*;)""",
            """export%(exports)s from "%(url)s";""",
        ),
        (r"""(?P<matched>import\s*['"](?P<url>\.{1,2}/.*?)["']\s*;)""", """import "%(url)s";"""),
    ),
)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's hashed and compressed files, with hashed names in the imports of our scripts."""

    patterns = (*ManifestStaticFilesStorage.patterns, OUR_IMPORTS)
