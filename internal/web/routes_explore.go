package web

// exploreRoutes are the ways around: explore, search, categories, tags.
var exploreRoutes = area{}
