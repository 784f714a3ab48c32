"""The listing form: the same for members and officers. What is typed, however it is written, becomes a
catalog.content.Content; a Content becomes what stands in the fields."""
