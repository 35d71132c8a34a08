"""How static files are kept: named by content and packed with gzip; brotli at its best level would hold a first start
for half a minute to save a bureau's own network a few kilobytes."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(**{**kwargs, "use_brotli": False})
