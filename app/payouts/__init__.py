"""What the group owes its members (an exit, a withdrawal, a buy-out, a share-out) and paying it."""
