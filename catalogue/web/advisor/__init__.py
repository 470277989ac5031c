"""What advisors use beside a visitor: lists handed over by code, on paper and on a projector."""
