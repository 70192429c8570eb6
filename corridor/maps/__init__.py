"""Drawing office: one theme, and self-contained map pages. The only room that knows Folium."""
