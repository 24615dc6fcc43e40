"""The sheets of a review as files: what each must look like, how it is read, what is wrong."""
