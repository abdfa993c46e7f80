"""What every service of dated values shares: fetch, keep, judge, store, and answer over HTTP and MCP.

A service is one `Service` (`services.template.service`): its sources with a parser each, its series, and how
new values are judged. `services.template.serving` runs it.
"""
