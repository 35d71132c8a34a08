"""What a file is by its content, whatever its name says. Pure: asks the first bytes only.

A name that promises one kind while the content is another is refused with both named: a picture that is none would
otherwise be found out before a judge. What no rule knows is kept as it is and never shown, only handed out.
"""

import re
from dataclasses import dataclass

HEAD = 64 * 1024
"""So many bytes from the start are enough to tell."""
OTHER = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content: its title, the names it goes by, and how a page can show it."""

    media: str
    title: str
    endings: tuple[str, ...]
    shown: str = ""  # picture | pages | sound | film | text

    @property
    def ending(self) -> str:
        return self.endings[0]


KINDS = (
    Kind("image/jpeg", "JPEG 图片", (".jpg", ".jpeg", ".jpe"), "picture"),
    Kind("image/png", "PNG 图片", (".png",), "picture"),
    Kind("image/gif", "GIF 图片", (".gif",), "picture"),
    Kind("image/webp", "WebP 图片", (".webp",), "picture"),
    Kind("image/heic", "HEIC 图片", (".heic", ".heif")),
    Kind("image/bmp", "BMP 图片", (".bmp",)),
    Kind("image/tiff", "TIFF 图片", (".tif", ".tiff")),
    Kind("application/pdf", "PDF", (".pdf",), "pages"),
    Kind("video/mp4", "MP4 录像", (".mp4", ".m4v"), "film"),
    Kind("video/quicktime", "MOV 录像", (".mov",), "film"),
    Kind("video/webm", "WebM 录像", (".webm", ".mkv"), "film"),
    Kind("video/x-msvideo", "AVI 录像", (".avi",)),
    Kind("audio/mpeg", "MP3 录音", (".mp3",), "sound"),
    Kind("audio/mp4", "M4A 录音", (".m4a",), "sound"),
    Kind("audio/wav", "WAV 录音", (".wav",), "sound"),
    Kind("audio/ogg", "OGG 录音", (".ogg", ".oga", ".opus"), "sound"),
    Kind("audio/amr", "AMR 录音", (".amr",)),
    Kind("application/zip", "ZIP 压缩包", (".zip", ".docx", ".xlsx", ".pptx", ".ofd", ".odt", ".ods")),
    Kind("application/msword", "旧版 Office 文件", (".doc", ".xls", ".ppt", ".wps", ".et")),
    Kind(
        "text/plain", "文字", (".txt", ".csv", ".log", ".md", ".json", ".xml", ".html", ".htm", ".svg", ".eml"), "text"
    ),
)
UNKNOWN = Kind(OTHER, "其他文件", (".bin",))
_BY_MEDIA = {kind.media: kind for kind in KINDS}
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_SAME = (  # one container under two names
    {"video/mp4", "video/quicktime"},
    {"video/mp4", "audio/mp4"},
    {"video/webm", "audio/ogg"},
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def of_media(media: str) -> Kind:
    """The kind that was recognised when the file came in."""
    return _BY_MEDIA.get(media, UNKNOWN)


def of_bytes(head: bytes) -> Kind:
    """The kind of a file by its first ``HEAD`` bytes."""
    for start, media in _STARTS:
        if head.startswith(start):
            return _BY_MEDIA[media]
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return _BY_MEDIA[_RIFF[head[8:12]]]
    if head[4:8] == b"ftyp":
        return _BY_MEDIA[_boxed(head[8:12])]
    if b"%PDF-" in head[:1024]:
        return _BY_MEDIA["application/pdf"]
    if head[:2] == b"BM" and len(head) > 14 and head[6:10] == b"\0\0\0\0":
        return _BY_MEDIA["image/bmp"]
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # a frame of MPEG audio, layer III
        return _BY_MEDIA["audio/mpeg"]
    return _BY_MEDIA["text/plain"] if _is_text(head) else UNKNOWN


def _boxed(brand: bytes) -> str:
    if brand[:3] == b"M4A":
        return "audio/mp4"
    if brand in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        return "image/heic"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def text_of(data: bytes) -> str:
    """Text as people here write it: UTF-8, or GB18030 where it is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _is_text(head: bytes) -> bool:
    if not head or _CONTROL.search(head):
        return False
    for charset in ("utf-8", "gb18030"):
        for cut in range(4):  # the last character may be cut off
            try:
                head[: len(head) - cut].decode(charset)
            except UnicodeDecodeError:
                continue
            return True
    return False


def promised(name: str, kind: Kind) -> Kind | None:
    """The kind a name promises where the content is another; None when they agree or the name promises nothing."""
    said = _BY_ENDING.get("." + name.lower().rpartition(".")[2])
    if said is None or said == kind or {said.media, kind.media} in _SAME:
        return None
    return said
