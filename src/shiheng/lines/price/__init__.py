"""价格: marked prices, price fraud, prices the government sets."""
