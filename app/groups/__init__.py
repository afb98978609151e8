"""Groups, their members, roles, policy and settings; `access` guards every page of a group."""
