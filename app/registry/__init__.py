"""The register: parties, units, deeds, and sets of deeds. Verbs in `services`, reads for other rooms in `queries`."""
