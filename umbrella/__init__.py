"""The console command of umbrella-warehouse: check, build, ask and report an umbrella review."""

__version__ = "0.1.0"
