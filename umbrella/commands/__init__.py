"""The commands of `umbrella`, one module each; every module offers one function `command`."""
