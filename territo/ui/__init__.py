"""The web application: widgets become scenarios, runs become widgets."""
