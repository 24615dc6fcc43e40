"""`python -m umbrella` does what the console script `umbrella` does."""

from umbrella.app import main

if __name__ == "__main__":
    main()
