"""The plan in prose: one content, shown as XHTML in the CarePlan and as plain text on the command line."""
