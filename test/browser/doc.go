// Package browser looks at the site as people do: real Chromium, driven by
// Playwright, on a site with demo content.
//
// The journeys stand in specs, in TypeScript: one file for each thing that people
// come for. browser_test.go starts the sites, runs them and tells each as a test of
// Go. make screenshots takes the pictures that the README shows from the same sites.
package browser
