"""Looking over the group's shoulder: searching the audit log, and the flags of auditors on any record."""
