"""Judge an initiative: the form, "uændret", and the answers to both."""
