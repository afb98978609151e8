"""Who a person is: accounts, sign-in, second factor, sessions."""
