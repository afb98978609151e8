"""Documents that people add to records: checked, kept outside the web root, given out as attachments."""
