"""信用: lists of those who failed their duties, tax and social security, and what courts and labour offices say."""
