"""Turn sheets of other programs into a folder of sheets of this one."""
