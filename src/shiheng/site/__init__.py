"""Settings, addresses, command line and menus; loads the lines and fills the slots."""
