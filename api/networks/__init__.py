"""Networks as pages, documents and files of the service."""
