"""质量: sampling of products other than food."""
