"""投诉举报: complaints, reports, hotline orders and street leads as departments deliver them."""
