package web

// scriptRoutes are what our own scripts ask for, below "/-/": answers in JSON and
// parts of pages. They are no API for others.
var scriptRoutes = area{}
