"""药品、医疗器械、化妆品: who may make and sell them."""
