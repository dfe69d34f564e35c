"""JSON Schemas of the data that are no tables: SWOT analyses, recommendations, interviews."""
