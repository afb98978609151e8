"""What the books say as a whole: reports and exports for people, auditors and other programs."""
