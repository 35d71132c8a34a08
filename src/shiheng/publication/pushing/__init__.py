"""推送给我: new facts of the subjects in an officer's own territory, of the kinds that concern him."""
