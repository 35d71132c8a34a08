"""网络市场: shops on platforms, as the platforms report them."""
