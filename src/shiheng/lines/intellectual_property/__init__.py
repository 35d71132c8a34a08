"""知识产权: trademarks and patents and who holds them."""
