"""The portal standing on its own: a store of what is published, and pages that read nothing else."""
