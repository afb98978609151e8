"""Who is entitled to rent: leases, and assignments with their turns. It holds no money."""
