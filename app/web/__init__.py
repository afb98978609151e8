"""What every page stands on and no room owns: boundary, forms, errors, assets, headers."""
