"""The service: SPARQL, REST, linked data and pages over the current release."""
