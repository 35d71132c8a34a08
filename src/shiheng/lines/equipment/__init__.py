"""特种设备: who may make, fit and mend it, and what is in use."""
